/** The app whose data is kept here: nothing can be read or written before a page has said which. */
import type { AppConfig } from '../../core/index.ts';
import { HostError } from './host-error.ts';
import type { Ports } from './ports.ts';

/** Throws HostError `not_configured`: the page greets, and asks again. */
export async function appConfig(ports: Ports): Promise<AppConfig> {
  const { config } = await ports.session.load();
  if (!config) throw new HostError('not_configured', 'No page has said hello to this host yet.');
  return config;
}
