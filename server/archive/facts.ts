/**
 * What a server knows, one fact at a time: each is a line of an archive.
 *
 *   account … token … served │ space  access … actor … refused … gone … mark … snapshot  state …  op …
 *
 * What stands behind a space is about that space, up to the next. Everything that is named was there
 * before it is named, so that a reader has to remember little.
 */
import * as v from 'valibot';
import {
  AccountIdSchema,
  ActorIdSchema,
  BootstrapHeaderSchema,
  ClockSchema,
  CountSchema,
  DigestSchema,
  EpochSchema,
  PlacedSeqSchema,
  PositiveSchema,
  SeqSchema,
  SettledSchema,
  SpaceIdSchema,
} from '../../core/index.ts';
import { GRANTS } from '../auth/reach.ts';

const SecretSchema = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'not 32 bytes in hex'));
const TimeSchema = v.nullable(CountSchema);

const OpSchema = v.strictObject({
  kind: v.literal('op'),
  seq: PlacedSeqSchema,
  actor: ActorIdSchema,
  clock: ClockSchema,
  base: SeqSchema,
  at: CountSchema,
  v: PositiveSchema,
  key: v.exactOptional(v.string()),
  /** Of the op as it was received, where that is not what the log has. */
  hash: v.exactOptional(DigestSchema),
  payload: v.string(),
});

const AccountSchema = v.strictObject({
  kind: v.literal('account'),
  id: AccountIdSchema,
  name: v.string(),
  home: SpaceIdSchema,
  createdAt: CountSchema,
});

const TokenSchema = v.strictObject({
  kind: v.literal('token'),
  id: v.string(),
  /** SHA-256 of the token. */
  secret: SecretSchema,
  account: AccountIdSchema,
  label: v.string(),
  onlySpace: v.nullable(SpaceIdSchema),
  readOnly: v.boolean(),
  isLink: v.boolean(),
  createdAt: CountSchema,
  lastUsedAt: TimeSchema,
  revokedAt: TimeSchema,
});

/** How long servers have run on the database. */
const ServedSchema = v.strictObject({ kind: v.literal('served'), ms: CountSchema });

const SpaceSchema = v.strictObject({
  kind: v.literal('space'),
  id: SpaceIdSchema,
  epoch: EpochSchema,
  from: SeqSchema,
  head: SeqSchema,
  digest: DigestSchema,
  horizon: SeqSchema,
  horizonDigest: DigestSchema,
  dropped: SeqSchema,
  createdAt: CountSchema,
  deletedAt: TimeSchema,
});

const AccessSchema = v.strictObject({
  kind: v.literal('access'),
  account: AccountIdSchema,
  level: v.picklist(GRANTS),
});

const ActorSchema = v.strictObject({
  kind: v.literal('actor'),
  id: ActorIdSchema,
  account: AccountIdSchema,
  last: SettledSchema,
  cursor: v.nullable(SeqSchema),
  pushedFrom: SettledSchema,
  seen: CountSchema,
});

const RefusedSchema = v.strictObject({
  kind: v.literal('refused'),
  actor: ActorIdSchema,
  clock: ClockSchema,
  code: v.string(),
  limit: v.nullable(CountSchema),
  hash: DigestSchema,
});

/** Of an op whose row the log has no more, and whose clock may still be asked about. */
const GoneSchema = v.strictObject({
  kind: v.literal('gone'),
  actor: ActorIdSchema,
  clock: ClockSchema,
  hash: DigestSchema,
});

const MarkSchema = v.strictObject({
  kind: v.literal('mark'),
  seq: SeqSchema,
  served: CountSchema,
});

/**
 * What stands for the start of a log that has lost it, as it is answered to devices: the header here,
 * and then as many states as that counts.
 */
const SnapshotSchema = v.strictObject({
  kind: v.literal('snapshot'),
  builtAt: CountSchema,
  header: BootstrapHeaderSchema,
});

/** A line of the snapshot behind its header. */
const StateSchema = v.strictObject({ kind: v.literal('state'), line: v.string() });

export const FactSchema = v.variant('kind', [
  OpSchema,
  StateSchema,
  ActorSchema,
  GoneSchema,
  RefusedSchema,
  MarkSchema,
  AccessSchema,
  SpaceSchema,
  SnapshotSchema,
  AccountSchema,
  TokenSchema,
  ServedSchema,
]);

export type Fact = v.InferOutput<typeof FactSchema>;
export type FactKind = Fact['kind'];
export type FactOf<Kind extends FactKind> = Extract<Fact, { readonly kind: Kind }>;

/** In the order in which they stand. */
export const FACT_KINDS: readonly FactKind[] = [
  'account',
  'token',
  'served',
  'space',
  'access',
  'actor',
  'refused',
  'gone',
  'mark',
  'snapshot',
  'state',
  'op',
];
