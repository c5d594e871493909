/**
 * `offing export --all FILE`: everything that the server knows, to make another server of.
 * `offing export SPACE --sqlite FILE`: the present state of a space, for `SELECT`.
 */
import { isSpaceId } from '../../core/index.ts';
import { exportAll } from '../archive/export-all.ts';
import { UsageError } from '../config.ts';
import { foldSpace } from '../snapshots/fold-space.ts';
import { exportState } from '../store/export-state.ts';
import { openReading } from '../store/sqlite.ts';
import { writeWhole } from '../store/whole-file.ts';
import { contentOf, counted, existingData, newFile } from './data.ts';
import { readOptions } from './options.ts';

const isOfAll = (arg: string): boolean => arg === '--all' || arg.startsWith('--all=');

export const exportTo = (args: readonly string[]): Promise<void> =>
  args.some(isOfAll) ? exportServer(args) : exportSpace(args);

async function exportServer(args: readonly string[]): Promise<void> {
  const options = { data: { type: 'string' }, all: { type: 'string' } } as const;
  const { values } = readOptions(args, options);
  const data = existingData(values.data);
  const file = newFile(values.all ?? '');
  const counts = await exportAll(data, file, Date.now());
  console.log(file);
  console.error(`${contentOf(counts)}; read back.`);
}

async function exportSpace(args: readonly string[]): Promise<void> {
  const options = { data: { type: 'string' }, sqlite: { type: 'string' } } as const;
  const { values, positionals } = readOptions(args, options, ['SPACE']);
  const [space = ''] = positionals;
  if (!isSpaceId(space)) throw new UsageError(`SPACE: "${space}" is not a UUIDv7`);
  if (values.sqlite === undefined) throw new UsageError('--sqlite FILE is missing');
  const file = newFile(values.sqlite);
  const reading = openReading(existingData(values.data), true);
  try {
    const found = await reading.source.space(space);
    if (!found) throw new UsageError(`there is no space ${space}`);
    const folded = await foldSpace(reading.source, space);
    if (!folded) throw new UsageError('its snapshot was written by a later Offing: use that one');
    const { state, digest } = folded;
    const { epoch, head } = found;
    const exported = { space, epoch, digest, state, at: Date.now() };
    const { tables, records } = await writeWhole(file, async (partial) =>
      exportState(partial, exported),
    );
    console.log(file);
    console.error(`${counted(records, 'record')} in ${counted(tables, 'table')}, at ${state.seq}.`);
    if (state.seq < head) {
      console.error(`The log goes on to ${head} in a grammar that this version does not know.`);
    }
  } finally {
    reading.close();
  }
}
