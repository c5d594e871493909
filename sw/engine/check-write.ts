/** A page's write, checked as strictly as a server would, before anything is decided about it. */
import {
  DEFAULT_LIMITS,
  encodePayload,
  isTooLarge,
  parsePayload,
  payloadVersionOf,
  recordKeyOf,
  type FormerRef,
  type Mutation,
  type OpRef,
  type OpRequest,
  type RecordKey,
  type Seq,
  type SpaceId,
} from '../../core/index.ts';
import { HostError } from './host-error.ts';

/** A page's request: all of its ops, or none. `seen` is what the person had on screen. */
export interface Write {
  readonly ops: readonly {
    readonly space?: SpaceId | undefined;
    readonly do: OpRequest['do'];
    readonly typing?: boolean | undefined;
    readonly once?: boolean | undefined;
  }[];
  readonly seen: Readonly<Record<SpaceId, Seq | undefined>>;
  /** By how often each space had been built anew when those seqs were heard. */
  readonly rebuilt?: Readonly<Record<SpaceId, number | undefined>>;
  /** Ops that were set aside, which this takes the place of. */
  readonly instead?: readonly OpRef[];
  /** Records of former histories to bring back, by ops that are made of what they miss by now. */
  readonly former?: readonly FormerRef[] | undefined;
  /** The page takes a word that comes before the records: see go-ahead.ts. */
  readonly ahead?: boolean | undefined;
}

export interface CheckedOp {
  readonly space: SpaceId | undefined;
  /** Version of the payload's grammar. */
  readonly v: number;
  readonly payload: string;
  readonly mutations: readonly Mutation[];
  readonly typing: boolean;
  readonly once: boolean;
}

export interface CheckedWrite {
  readonly ops: readonly CheckedOp[];
  readonly view: View;
  readonly instead: readonly OpRef[];
  readonly former: readonly FormerRef[];
  readonly ahead: boolean;
}

/** What the person had on screen. */
export type View = Pick<Write, 'seen' | 'rebuilt'>;

export const isOfExisting = (mutation: Mutation): boolean =>
  mutation.kind !== 'put' || !mutation.isNew;

/** The first mutation of a record that the op itself has not made before. */
export function firstOfExisting({ mutations }: Pick<CheckedOp, 'mutations'>): Mutation | undefined {
  const made = new Set<RecordKey>();
  return mutations.find((mutation) => {
    if (isOfExisting(mutation)) return !made.has(recordKeyOf(mutation));
    made.add(recordKeyOf(mutation));
    return false;
  });
}

/** Whether the op is about records alone that it makes: without a space of its own it goes to the home. */
export const isNews = (op: CheckedOp): boolean => firstOfExisting(op) === undefined;

/** Room is left for what an op may have to say beside its mutations: its mark, and its author's former ids. */
const WRITE_LIMITS = { ...DEFAULT_LIMITS, payloadBytes: DEFAULT_LIMITS.payloadBytes - 2048 };

/** Throws HostError `bad_request`, `too_large` or `bad_op`. */
export function checkWrite({
  ops,
  instead = [],
  former = [],
  ahead = false,
  ...view
}: Write): CheckedWrite {
  if (ops.length + former.length === 0)
    throw new HostError('bad_request', 'There is nothing to write.');
  return { ops: ops.map(checkOp), view, instead, former, ahead };
}

export const checkOp = (op: Write['ops'][number]): CheckedOp => ({
  space: op.space,
  typing: op.typing ?? false,
  once: op.once ?? false,
  ...checkPayload(op.do),
});

export function checkPayload(mutationsJson: OpRequest['do']) {
  const payload = textOf(mutationsJson);
  if (isTooLarge(payload, WRITE_LIMITS)) {
    throw new HostError('too_large', `An op holds at most ${WRITE_LIMITS.payloadBytes} bytes.`);
  }
  const v = payloadVersionOf(mutationsJson);
  const parsed = parsePayload(payload, v);
  if (parsed.kind !== 'known') {
    throw new HostError('bad_op', parsed.kind === 'malformed' ? parsed.why : 'unknown version');
  }
  return { v, payload, mutations: parsed.payload.do };
}

/** A message port carries more than JSON can say: big integers, cycles, any depth. */
function textOf(mutations: OpRequest['do']): string {
  try {
    return encodePayload(mutations);
  } catch {
    throw new HostError('bad_op', 'not JSON');
  }
}
