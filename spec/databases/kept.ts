/** The databases that are kept: of every layout that there was, as the software of its time left them. */
import { readFileSync, writeFileSync } from 'node:fs';
import { make, type DeviceDump, type Made } from './make.ts';

const fileOf = (layout: number, ext: 'json' | 'sql'): URL =>
  new URL(`layout-${layout}.${ext}`, import.meta.url);

/** Throws where there is none. */
export const keptOf = (layout: number): Made => ({
  device: JSON.parse(readFileSync(fileOf(layout, 'json'), 'utf8')) as DeviceDump,
  server: readFileSync(fileOf(layout, 'sql'), 'utf8'),
});

/** Those that today's software makes; kept as a layout's where README.md asks for it. */
export async function madeToday(): Promise<Made> {
  const made = await make();
  const { KEEP_LAYOUT: layout } = process.env;
  if (layout !== undefined) keep(Number(layout), made);
  return made;
}

function keep(layout: number, { device, server }: Made): void {
  // A line for each row, for whoever reads what differs.
  const text = JSON.stringify(device).replaceAll('{"value"', '\n{"value"');
  writeFileSync(fileOf(layout, 'json'), `${text}\n`);
  writeFileSync(fileOf(layout, 'sql'), server);
}
