/** The server's one door: for the command line, for tests, and for who embeds it. */
export { createApp } from './app.ts';
export type { AppDeps } from './app.ts';
export { composeServer } from './compose.ts';
export type { PartsOptions, ServerParts } from './compose.ts';
export { openServer } from './open-server.ts';
export type { OpenServer, ServerOptions } from './open-server.ts';
export type { Accounts } from './auth/accounts.ts';
export type { NewToken, Tokens } from './auth/tokens.ts';
export { openSqliteStore } from './store/sqlite.ts';
export type { Store } from './store/sqlite.ts';
export {
  StorageFullError,
  StorageBusyError,
  DatabaseFromFutureError,
  ForeignDatabaseError,
  BrokenLogError,
  DataInUseError,
  DamagedDatabaseError,
  LostDatabaseError,
  StorageRefusedError,
  StorageFailingError,
} from './store/faults.ts';
