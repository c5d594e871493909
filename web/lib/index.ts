/** The page library's one door. */
export { connect } from './connect.ts';
export type {
  Authorship,
  Conflict,
  Conflicts,
  ConflictSide,
  Resolution,
  Take,
} from './conflicts.ts';
export { OffingError } from './errors.ts';
export type { Issue, OffingErrorCode, PageErrorCode } from './errors.ts';
export { add, append, increment, remove } from './field-changes.ts';
export type { CounterChange, JournalChange, SetChange } from './field-changes.ts';
export { bool, counter, journal, json, number, optional, order, ref, set, text } from './fields.ts';
export type { Field, FieldKind, FieldOptions, ValueOptions } from './fields.ts';
export type { Losing, Resolver } from './resolvers.ts';
export { collection } from './schema.ts';
export type {
  Changes,
  CollectionDef,
  CollectionOptions,
  Collections,
  NewRow,
  Row,
  Schema,
} from './schema.ts';
export type { StandardIssue, StandardResult, StandardSchema } from './standard-schema.ts';
export type { RowOf } from './row-of.ts';
export type { FormerChange, FormerRecord, FormerRecords } from './former.ts';
export type { SetAsideOp, SetAsideOps } from './set-aside.ts';
export type {
  AddHandle,
  Applied,
  AppUpdate,
  BatchTx,
  BulkTx,
  CollectionHandle,
  Db,
  HostPlace,
  Live,
  Observed,
  Observer,
  Options,
  Ref,
  Unsubscribe,
  UpdateOptions,
  WriteHandle,
} from './api.ts';
export type {
  ConflictKey,
  ConflictKind,
  HostErrorCode,
  Json,
  JsonObject,
  LostChange,
  MutationJson,
  Phase,
  Receipt,
  Seq,
  SpaceId,
  Status,
} from '../../core/index.ts';
