/** core's one door: what the other rooms may know of it. */
export {
  FIRST_SEQ,
  asClock,
  asEpoch,
  asSeq,
  fromHex,
  isActorId,
  isCount,
  isSpaceId,
  isUuidV7,
  toHex,
  uuidV7,
  SERVER_ACTOR,
} from './ids.ts';
export type { AccountId, ActorId, Clock, DeviceId, Epoch, Seq, SpaceId } from './ids.ts';
export {
  MAX_VALUE_DEPTH,
  canonicalJson,
  hasForbiddenText,
  isObject,
  isPlainJson,
  jsonEquals,
  utf8Length,
} from './json.ts';
export type { Json, JsonObject } from './json.ts';
export type {
  Change,
  ChangeOfRecord,
  DeleteOrRestore,
  Fields,
  Mutation,
  MutationJson,
  Put,
  PutJson,
  Resolve,
  ResolveJson,
} from './mutation.ts';
export {
  DROP_VERSION,
  PAYLOAD_VERSIONS,
  encodeDrop,
  encodePayload,
  marked,
  parsePayload,
  payloadVersionOf,
  saidBy,
} from './payload.ts';
export { contentOf, locate, offeredAgain } from './offer-again.ts';
export type { OfferedAgain } from './offer-again.ts';
export { lastCommon, throughSeq, withStep } from './trail.ts';
export type { Step, Trail } from './trail.ts';
export type { ParsedPayload, Payload, Was } from './payload.ts';
export type { OpToSend, PendingOp, SequencedOp, VoidClock } from './op.ts';
export { recordKeyOf } from './record.ts';
export type { Entry, Part, RecordKey, RecordState, Register, Stamp, Tag } from './record.ts';
export { EMPTY_OF_KIND, visibleFields } from './visible.ts';
export type { FieldKind, Kinds, RecordFields } from './visible.ts';
export { birthOf, conflictKeyOf, conflictNameOf, endedAt } from './conflict.ts';
export type {
  Conflict,
  ConflictKey,
  ConflictKind,
  ConflictName,
  ConflictSide,
  LostChange,
} from './conflict.ts';
export { DEFAULT_LIMITS, isTooLarge } from './limits.ts';
export type { Limits } from './limits.ts';
export { pageFrom, placeBehind } from './log-page.ts';
export type { LogPage, LogPlace } from './log-page.ts';
export {
  AccountAnswerSchema,
  BootstrapHeaderSchema,
  MakeSpaceSchema,
  PROBLEMS,
  PROTOCOL_HEADER,
  PROTOCOL_VERSION,
  PokeSchema,
  ProblemSchema,
  PushAnswerSchema,
  PushRequestSchema,
  SPACE_ERRORS,
  SpacesAnswerSchema,
  parse,
} from './wire.ts';
export type {
  AccountAnswer,
  AnsweredOp,
  BootstrapHeader,
  Parsed,
  Poke,
  Problem,
  ProblemCode,
  PushAnswer,
  PushRequest,
  Refused,
  SpaceAnswer,
  SpaceError,
  SpaceErrorCode,
  SpaceRequest,
  SpacesAnswer,
} from './wire.ts';
export {
  AccountIdSchema,
  ActorIdSchema,
  ClockSchema,
  CountSchema,
  DigestSchema,
  EpochSchema,
  PlacedSeqSchema,
  PositiveSchema,
  SeqSchema,
  SettledSchema,
  SpaceIdSchema,
} from './schemas.ts';
export { EMPTY_DIGEST, digestThrough, nextDigest, nextDigestBytes } from './digest.ts';
export type { Sha256, UnplacedOp } from './digest.ts';
export { hadSeen } from './seen.ts';
export type { Author } from './seen.ts';
export { conflictsNamed, dropsThrough, fold, mutationsOf, stateAfter, touchedBy } from './fold.ts';
export { droppableIn } from './droppable-in.ts';
export type { Confirmed, Droppable, Dropped } from './changed-state.ts';
export { WholeState } from './whole-state.ts';
export type { Folded, Malformed } from './fold.ts';
export { snapshotLines } from './snapshot.ts';
export type { Snapshot, SnapshotSource } from './snapshot.ts';
export { createSnapshotReader } from './read-snapshot.ts';
export {
  NOT_BEGUN,
  FILL_SIZES,
  amountOf,
  begunFrom,
  bytesOf,
  endOf,
  filledBy,
  toFetch,
} from './filling.ts';
export type { Filled, FillSizes, Filling, SnapshotPart, SnapshotPlace } from './filling.ts';
export type { SnapshotRead, SnapshotReader } from './read-snapshot.ts';
export { beginningOf } from './text-pieces.ts';
export type { TextPiece } from './text-pieces.ts';
export type { ConflictOf } from './resolve.ts';
export { changesIn } from './changes.ts';
export { applyPending, deriveView } from './rebase.ts';
export { failureOf } from './failure.ts';
export type { Failure, Outcome } from './failure.ts';
export { LONGEST_POLL_MS, SHORTEST_POLL_MS, pollDelay, retryDelay } from './backoff.ts';
export {
  NO_PROGRESS,
  advanced,
  clockAt,
  clocksUnder,
  isPending,
  lastClockOf,
  opsToSend,
  pendingIndexes,
  pendingOp,
  seal,
  sentAgain,
  sentBytes,
  stillSettled,
} from './outbox.ts';
export { resolvedBy } from './resolved-by.ts';
export type { OpRef, OutboxRow, Progress, Room, RowId, Following } from './outbox.ts';
export {
  forkedRow,
  isDue,
  joinTurns,
  opsBefore,
  rebasedRow,
  selvesAfter,
  wasFor,
  withWas,
} from './turn.ts';
export type { FormerSelf, Turn } from './turn.ts';
export { weighPoke } from './weigh-poke.ts';
export type { Follower, PokeWorth } from './weigh-poke.ts';
export { QUIET_MS, isTyping, typedOn, typingAt } from './typing.ts';
export { bringingBack } from './bring-back.ts';
export { byRecord, changesSince, presentOp, stillMissing } from './former.ts';
export type { Evidence, FormerRef, Missing, PresentOp } from './former.ts';
export { allAway, cameBack, isBack, isGone } from './away.ts';
export type { Away, AwayNote } from './away.ts';
export { remedyFor } from './recovery.ts';
export type { Remedy } from './recovery.ts';
export { afterSuccess, afterTimeout, isSplittable } from './request-size.ts';
export { AppConfigSchema, configAfter, redrawn } from './app-config.ts';
export type { AppConfig } from './app-config.ts';
export { STALL_MS, STARTING, isStalled, isWaiting } from './status.ts';
export { deriveStatus } from './derive-status.ts';
export type { StatusFacts } from './derive-status.ts';
export type { Amount, Phase, Retry, Status } from './status.ts';
export { firstRowOf, isUrgent, markAfter, nextGeneration } from './replica-mark.ts';
export type { Marked, ReplicaMark } from './replica-mark.ts';
export { isNearlyFull, storageStateOf } from './storage.ts';
export type { Lost, StorageFault, StorageFigures, StorageState } from './storage.ts';
export { coalesce } from './coalesce.ts';
export { sharedRows } from './share-rows.ts';
export type { SharedRows } from './share-rows.ts';
export { CHANNEL_VERSION, HOST_ERRORS, isNotice } from './channel.ts';
export type { HostErrorCode, HostReply, Notice, Receipt, Replies, RowOutcome } from './channel.ts';
export { PageRequestSchema } from './page-request.ts';
export type { OpRequest, PageRequest, ParsedPageRequest } from './page-request.ts';
export { keptOf } from './kept-record.ts';
export { isSameState } from './record-members.ts';
export type { Kept, KeptBefore, KeptRow, Known } from './kept-record.ts';
export { knownIn, stateShown } from './read-kept-record.ts';
export {
  APP_VERSIONS,
  BY_GRAVE,
  RESERVED_FIELDS,
  LAYOUT_VERSION,
  ROW_UPGRADES,
  conflictOfRow,
  conflictRowOf,
  databaseNameOf,
  databaseVersionOf,
  storesOf,
} from './tables.ts';
export type { ConflictRow } from './tables.ts';
