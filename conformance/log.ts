/** One space as one actor asks for it. Answers are kept as they came, not as a schema reads them. */
import { holds, shown } from './agree.ts';
import { uuid } from './uuid.ts';

export interface AnsweredOp {
  readonly seq: number;
  readonly actor: string;
  readonly clock: number;
  readonly base: number;
  readonly at: number;
  readonly v: number;
  readonly payload: string;
  readonly key?: string;
}

export interface Answer {
  readonly epoch: string;
  readonly head: number;
  readonly horizon: number;
  readonly access: string;
  readonly own?: boolean;
  readonly acked: number;
  readonly refused: readonly { readonly clock: number; readonly code: string }[];
  readonly taken: readonly number[];
  readonly ops: readonly AnsweredOp[];
  readonly digest: string;
  readonly more: boolean;
}

export type SpaceError = Readonly<Record<string, unknown>> & { readonly code: string };

export interface Answers {
  readonly now: number;
  readonly spaces: Readonly<Record<string, Answer | { readonly error: SpaceError }>>;
}

export interface SentOp {
  readonly clock: number;
  readonly [member: string]: unknown;
}

/** What is asked of the space, beside its actor. */
export interface Question {
  readonly since?: number;
  readonly epoch?: string;
  readonly digest?: string;
  readonly create?: boolean;
  readonly limit?: number;
  readonly whole?: boolean;
  readonly acksOnly?: boolean;
  readonly have?: { readonly from: number; readonly to: number };
  readonly ops?: readonly SentOp[];
}

export interface Log {
  readonly space: string;
  readonly actor: string;
  /** Must be answered, and not with an error. */
  push(question?: Question, token?: string): Promise<Answer>;
  /** Must be an error of this code. */
  stopped(code: string, question?: Question, token?: string): Promise<SpaceError>;
  /** The same by `GET /sync/pull`. */
  pull(question?: Question, token?: string): Promise<Answer>;
  pullStopped(code: string, question?: Question, token?: string): Promise<SpaceError>;
  /** The same space by another actor: by one that is new, where none is named. */
  other(actor?: string): Log;
}

/** What a log needs of who asks the server. */
export interface Asks {
  push(spaces: object, more?: object, token?: string): Promise<Answers>;
  pull(query: string, token?: string): Promise<Answers>;
}

const LONG_AGO = 1_700_000_000_000;

/** An op that any server takes as this actor's next. */
export const op = (clock: number, more: Readonly<Record<string, unknown>> = {}): SentOp => ({
  clock,
  base: 0,
  at: LONG_AGO + clock,
  v: 1,
  payload: `{"do":[{"kind":"delete","collection":"conformance","id":"r${clock}"}]}`,
  ...more,
});

export const ops = (from: number, to: number): SentOp[] =>
  Array.from({ length: to - from + 1 }, (_, i) => op(from + i));

export const voided = (clock: number): SentOp => ({ clock, void: true });

export function logOf(probe: Asks, space: string, actor: string): Log {
  const pushed = async (question: Question, token?: string) => {
    const { spaces } = await probe.push({ [space]: { actor, since: 0, ...question } }, {}, token);
    return spaces[space];
  };
  const pulled = async ({ since = 0, epoch, digest }: Question, token?: string) => {
    const place = epoch === undefined ? [space, since] : [space, since, epoch, digest ?? ''];
    const { spaces } = await probe.pull(`actor=${actor}&since=${place.join(':')}`, token);
    return spaces[space];
  };
  return {
    space,
    actor,
    push: async (question = {}, token) => answered(await pushed(question, token)),
    stopped: async (code, question = {}, token) => error(code, await pushed(question, token)),
    pull: async (question = {}, token) => answered(await pulled(question, token)),
    pullStopped: async (code, question = {}, token) => error(code, await pulled(question, token)),
    other: (another = uuid()) => logOf(probe, space, another),
  };
}

type Either = Answers['spaces'][string] | undefined;

export function answered(either: Either): Answer {
  holds(`expected an answer, got ${shown(either)}`, either !== undefined && !('error' in either));
  return { ...either, refused: either.refused ?? [], taken: either.taken ?? [] };
}

function error(code: string, either: Either): SpaceError {
  const isIt = either !== undefined && 'error' in either && either.error.code === code;
  holds(`expected the error ${code}, got ${shown(either)}`, isIt);
  return either.error;
}
