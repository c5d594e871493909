/**
 * The wire's messages (docs/protocol-spec.md). Each type has one source, its schema, so parsing is
 * the only way in. Members that are not named here are ignored: a later minor version may add them.
 */
import * as v from 'valibot';
import {
  AccountIdSchema,
  ActorIdSchema,
  ClockSchema,
  CountSchema,
  DeviceIdSchema,
  DigestSchema,
  EpochSchema,
  PlacedSeqSchema,
  PositiveSchema,
  SeqSchema,
  SettledSchema,
  SpaceIdSchema,
} from './schemas.ts';

/**
 * History of the protocol:
 * - 1: the first.
 */
export const PROTOCOL_VERSION = 1;
export const PROTOCOL_HEADER = 'Offing-Protocol';

const OpSchema = v.object({
  clock: ClockSchema,
  base: SeqSchema,
  at: CountSchema,
  v: v.optional(PositiveSchema, 1),
  payload: v.string(),
  key: v.optional(v.string()),
});
const VoidSchema = v.object({ clock: ClockSchema, void: v.literal(true) });
// Not a union: that would name the op at fault, and not the member.
const SentOpSchema = v.lazy((op) =>
  typeof op === 'object' && op !== null && 'void' in op ? VoidSchema : OpSchema,
);

const SpaceRequestSchema = v.object({
  actor: ActorIdSchema,
  since: SeqSchema,
  epoch: v.optional(EpochSchema),
  digest: v.optional(DigestSchema),
  create: v.optional(v.boolean()),
  /** Asks for fewer ops than the server would answer with. */
  limit: v.optional(PositiveSchema),
  /** Asks for ops only where all that are new are within `limit`: otherwise a snapshot comes first. */
  whole: v.optional(v.boolean()),
  /** Asks for what is settled, and for no ops: there is more to send first. */
  acksOnly: v.optional(v.boolean()),
  /** Own ops from one clock to another, settled and still at hand: they are named, not repeated. */
  have: v.optional(v.object({ from: ClockSchema, to: ClockSchema })),
  ops: v.optional(v.array(SentOpSchema)),
});
export type SpaceRequest = v.InferOutput<typeof SpaceRequestSchema>;

/** A name that who asks gives to a request, so that its answer can be told from every other. */
const RequestIdSchema = v.pipe(v.string(), v.maxLength(64));

/** `POST /sync/push`, as sent. The door counts ops and spaces against the limits. */
export const PushRequestSchema = v.object({
  request: v.optional(RequestIdSchema),
  account: v.optional(AccountIdSchema),
  device: v.optional(DeviceIdSchema),
  spaces: v.record(SpaceIdSchema, SpaceRequestSchema),
});
export type PushRequest = v.InferOutput<typeof PushRequestSchema>;

/** An own op that came in this very request, or that its author still has, is named, not repeated. */
const OwnOpSchema = v.object({
  seq: PlacedSeqSchema,
  actor: ActorIdSchema,
  clock: ClockSchema,
  at: CountSchema,
});
const AnsweredOpSchema = v.object({
  ...OwnOpSchema.entries,
  base: v.optional(SeqSchema),
  v: v.optional(PositiveSchema, 1),
  payload: v.optional(v.string()),
  key: v.optional(v.string()),
});
export type AnsweredOp = v.InferOutput<typeof AnsweredOpSchema>;

/** Why a single op was refused for good, by its code. */
const RefusedSchema = v.object({
  clock: ClockSchema,
  code: v.string(),
  limit: v.optional(CountSchema),
});
export type Refused = v.InferOutput<typeof RefusedSchema>;

const SpaceAnswerSchema = v.object({
  epoch: EpochSchema,
  head: SeqSchema,
  horizon: SeqSchema,
  access: v.picklist(['read', 'write']),
  /** The account made the space: if its log is ever lost, this account may make it again. */
  own: v.optional(v.boolean()),
  acked: SettledSchema,
  refused: v.optional(v.array(RefusedSchema), []),
  taken: v.optional(v.array(ClockSchema), []),
  ops: v.array(AnsweredOpSchema),
  digest: DigestSchema,
  more: v.boolean(),
});
export type SpaceAnswer = v.InferOutput<typeof SpaceAnswerSchema>;

/** Codes of an answer about one space; the others of the same request are answered all the same. */
export const SPACE_ERRORS = [
  'clock_gap',
  'actor_forked',
  'cursor_expired',
  'cursor_ahead',
  'epoch_changed',
  'digest_mismatch',
  'no_such_space',
  'space_deleted',
  'forbidden',
  'space_full',
  'protocol_unsupported',
] as const;
export type SpaceErrorCode = (typeof SPACE_ERRORS)[number];

const SpaceErrorSchema = v.object({
  code: v.picklist(SPACE_ERRORS),
  acked: v.optional(SettledSchema),
  expected: v.optional(ClockSchema),
  clock: v.optional(ClockSchema),
  seq: v.optional(SeqSchema),
  head: v.optional(SeqSchema),
  horizon: v.optional(SeqSchema),
  epoch: v.optional(EpochSchema),
  from: v.optional(SeqSchema),
  limit: v.optional(CountSchema),
  versions: v.optional(v.array(CountSchema)),
  /** Beside `acked`: the refusals among what it settles. */
  refused: v.optional(v.array(RefusedSchema)),
});
export type SpaceError = v.InferOutput<typeof SpaceErrorSchema>;

/** `POST /sync/push` and `GET /sync/pull`, as answered. `now` is the server's wall time in ms. */
export const PushAnswerSchema = v.object({
  /** That of the request, where it had one. */
  request: v.optional(RequestIdSchema),
  now: CountSchema,
  spaces: v.record(
    SpaceIdSchema,
    v.union([v.object({ error: SpaceErrorSchema }), SpaceAnswerSchema]),
  ),
});
export type PushAnswer = v.InferOutput<typeof PushAnswerSchema>;

/** `GET /sync/account`. */
export const AccountAnswerSchema = v.object({
  account: AccountIdSchema,
  home: SpaceIdSchema,
  name: v.string(),
});
export type AccountAnswer = v.InferOutput<typeof AccountAnswerSchema>;

/** `GET /sync/spaces`. */
export const SpacesAnswerSchema = v.object({
  spaces: v.array(v.object({ space: SpaceIdSchema, access: v.picklist(['read', 'write', 'own']) })),
});
export type SpacesAnswer = v.InferOutput<typeof SpacesAnswerSchema>;

/** `POST /sync/spaces`. */
export const MakeSpaceSchema = v.object({ space: SpaceIdSchema });

const WholeOpSchema = v.object({
  ...OwnOpSchema.entries,
  base: SeqSchema,
  v: v.optional(PositiveSchema, 1),
  payload: v.string(),
  key: v.optional(v.string()),
});

/** The data of a `poke` of `GET /sync/events`: a hint that the log is at `head`. */
export const PokeSchema = v.object({
  space: SpaceIdSchema,
  epoch: EpochSchema,
  head: SeqSchema,
  /** The last ops, up to `head`, where they are few. */
  ops: v.optional(v.array(WholeOpSchema)),
  /** Beside `ops`: the chain right before the first of them. */
  before: v.optional(DigestSchema),
  /** Beside `ops`: the chain at the last of them. */
  digest: v.optional(DigestSchema),
});
export type Poke = v.InferOutput<typeof PokeSchema>;

/**
 * The first and, without a snapshot, only line of `GET /sync/bootstrap/:space`. It counts the lines
 * of each kind after it, and their bytes.
 */
export const BootstrapHeaderSchema = v.object({
  /** The highest version of the payload's grammar whose state is in it; absent: 1. */
  v: v.optional(PositiveSchema),
  space: SpaceIdSchema,
  epoch: EpochSchema,
  seq: SeqSchema,
  digest: DigestSchema,
  horizon: SeqSchema,
  records: CountSchema,
  actors: CountSchema,
  conflicts: v.optional(CountSchema, 0),
  malformed: v.optional(CountSchema, 0),
  bytes: CountSchema,
});
export type BootstrapHeader = v.InferOutput<typeof BootstrapHeaderSchema>;

/** Codes of a request refused whole, each with its HTTP status. */
export const PROBLEMS = {
  bad_request: 400,
  protocol_unsupported: 400,
  token_missing: 401,
  token_invalid: 401,
  token_expired: 401,
  token_revoked: 401,
  forbidden: 403,
  wrong_account: 403,
  no_such_space: 404,
  no_such_snapshot: 404,
  not_found: 404,
  no_worker: 409,
  space_deleted: 410,
  too_large: 413,
  unsupported_media: 415,
  client_too_old: 426,
  rate_limited: 429,
  internal: 500,
  overloaded: 503,
  storage_full: 507,
} as const;
export type ProblemCode = keyof typeof PROBLEMS;

/** An `application/problem+json` body (RFC 9457) with the wire's stable `code`. */
export const ProblemSchema = v.object({
  code: v.picklist(Object.keys(PROBLEMS) as ProblemCode[]),
  status: v.optional(CountSchema),
  title: v.optional(v.string()),
  detail: v.optional(v.string()),
  path: v.optional(v.string()),
  limit: v.optional(CountSchema),
  versions: v.optional(v.array(CountSchema)),
});
export type Problem = v.InferOutput<typeof ProblemSchema>;

/** A value that fits the schema, or the path of the first fault (`spaces.0199….ops.0.clock`). */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly path: string; readonly fault: string };

/** Reads an untrusted value by a schema of this module. Never throws. */
export function parse<S extends v.GenericSchema>(
  schema: S,
  value: unknown,
): Parsed<v.InferOutput<S>> {
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return { ok: true, value: result.output };
  const [issue] = result.issues;
  return { ok: false, path: v.getDotPath(issue) ?? '', fault: issue.message };
}
