/** The app whose data is kept here: nothing can be read or written before a page has said which. */
import type { AppConfig } from '../../core/index.ts';
import { HostError } from './host-error.ts';
import type { Ports, Session } from './ports.ts';

/** The session, of an app. Throws HostError `not_configured`: the page greets, and asks again. */
export async function configured(ports: Ports): Promise<Session & { readonly config: AppConfig }> {
  const session = await ports.session.load();
  const { config } = session;
  if (!config) throw new HostError('not_configured', 'No page has said hello to this host yet.');
  return { ...session, config };
}
