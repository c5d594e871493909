/** A page for tests beyond this room: the real library on whatever engine the test gives it. */
import type { AppConfig, HostReply, Notice, PageRequest } from '../../core/index.ts';
import type { Db, HostPlace, Unsubscribe } from './api.ts';
import { createDatabase } from './database.ts';
import type { Host } from './host.ts';
import { createObserved } from './observed.ts';
import { configOf } from './schema-config.ts';
import type { Collections, Schema } from './schema.ts';
import { FakeEnvironment } from './test-doubles.ts';

export interface TestEngine {
  ask(request: PageRequest): Promise<HostReply>;
  onNotice(fn: (notice: Notice) => void): Unsubscribe;
}

export interface TestPage<C extends Collections> {
  readonly db: Db<C>;
  readonly environment: FakeEnvironment;
}

export const configOfPage = <C extends Collections>(name: string, schema: Schema<C>): AppConfig =>
  configOf(name, schema);

/** Time stands still on it, so it rings only when the test says so. */
export function openTestPage<C extends Collections>(
  name: string,
  schema: Schema<C>,
  engine: TestEngine,
): TestPage<C> {
  const place = createObserved<HostPlace>({ in: 'worker' });
  const host: Host & { readonly place: typeof place } = {
    place,
    update: null,
    // As through a message port: nothing is shared.
    ask: async (request) => structuredClone(await engine.ask(structuredClone(request))),
    onNotice: (fn) => engine.onNotice((notice) => fn(structuredClone(notice))),
    onReplaced: () => () => {},
    close() {},
  };
  const environment = new FakeEnvironment();
  return { db: createDatabase({ name, schema }, { environment, host }), environment };
}
