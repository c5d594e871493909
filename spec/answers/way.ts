/** What lies between a device and its server: it writes down each request, and a script may answer. */
import type { PushAnswer, PushRequest, SpaceId } from '../../core/index.ts';
import type { Fetch } from '../../sw/adapters/http-transport.ts';

/** A request as it left the device. */
export interface Sent {
  readonly path: string;
  readonly query: string;
  /** Of a push. */
  readonly push?: PushRequest;
  /** A push of the drain; building a replica anew pulls by pushes that name no account. */
  readonly isDrain: boolean;
}

/** Sends a push on to the server: as it is, or another in its stead. */
export type GoOn = (instead?: PushRequest) => Promise<Response>;

/** Answers a push of the drain; undefined lets it through. */
export type Script = (
  push: PushRequest,
  goOn: GoOn,
) => Promise<Response | undefined> | Response | undefined;

/** A server that sends a device round and round is stopped here, and the test fails. */
const MOST_REQUESTS = 60;

export class Way {
  sent: Sent[] = [];
  /** What came back for the pushes of the drain. */
  answers: Response[] = [];
  script: Script | undefined;
  /** Whether pages that the device reads ahead are lost on their way. */
  losesPages = false;
  /** How much of the next snapshot comes, as a share of its text; undefined: all of it. */
  cutSnapshotAt: number | undefined;

  /** The pushes of the drain that were sent since the last `forget`. */
  get pushes(): PushRequest[] {
    return this.sent.flatMap(({ push, isDrain }) => (push && isDrain ? [push] : []));
  }

  forget(): void {
    this.sent = [];
    this.answers = [];
  }

  readonly fetch: Fetch = async (url, init) => {
    const push =
      url.pathname === '/sync/push' ? (JSON.parse(init.body as string) as PushRequest) : undefined;
    const isDrain = push?.account !== undefined;
    this.sent.push({ path: url.pathname, query: url.search, ...(push && { push }), isDrain });
    if (this.sent.length > MOST_REQUESTS)
      throw new TypeError(`more than ${MOST_REQUESTS} requests`);
    const goOn: GoOn = (instead) =>
      fetch(url, instead ? { ...init, body: JSON.stringify(instead) } : init);
    if (url.pathname.startsWith('/sync/bootstrap/')) return this.#cut(await goOn());
    if (url.pathname === '/sync/pull' && this.losesPages) throw new TypeError('the page is lost');
    if (!push || !isDrain) return goOn();
    const response = (await this.script?.(push, goOn)) ?? (await goOn());
    this.answers.push(response.clone());
    return response;
  };

  async #cut(response: Response): Promise<Response> {
    const share = this.cutSnapshotAt;
    this.cutSnapshotAt = undefined;
    if (share === undefined) return response;
    const bytes = await response.arrayBuffer();
    return new Response(bytes.slice(0, share * bytes.byteLength));
  }
}

// ── scripts ──────────────────────────────────────────────────────────────────────────────────────

/** These answers one after the other, then none: the server has its say again. */
export function inTurn(...scripts: readonly Script[]): Script {
  const left = [...scripts];
  return (push, goOn) => left.shift()?.(push, goOn);
}

export const lostOnTheWay: Script = () => {
  throw new TypeError('the request is lost');
};

export const lostOnTheWayBack: Script = async (_, goOn) => {
  await (await goOn()).arrayBuffer();
  throw new TypeError('the answer is lost');
};

export const letThrough: Script = () => undefined;

type Part = PushAnswer['spaces'][SpaceId];
export type GoodPart = Extract<Part, { epoch: string; ops: unknown }>;

/** Changes what the server answers about one space; undefined leaves the space out of the answer. */
export function changed(
  space: SpaceId,
  change: (part: GoodPart, push: PushRequest) => Part | undefined,
  ask: (push: PushRequest) => PushRequest = (push) => push,
): Script {
  return async (push, goOn) => {
    const response = await goOn(ask(push));
    if (!response.ok) return response;
    const answer = (await response.json()) as { now: number; spaces: Record<SpaceId, Part> };
    const part = answer.spaces[space];
    if (!part || 'error' in part) return Response.json(answer);
    const { [space]: _, ...others } = answer.spaces;
    const next = change(part, push);
    return Response.json({ ...answer, spaces: next ? { ...others, [space]: next } : others });
  };
}

/** An error of one space; what the request says of the others the server answers. */
export const errorOf =
  (space: SpaceId, error: object): Script =>
  async (push, goOn) => {
    const { [space]: asked, ...others } = push.spaces;
    if (!asked) return undefined;
    const answer = (await (await goOn({ ...push, spaces: others })).json()) as PushAnswer;
    return Response.json({ ...answer, spaces: { ...answer.spaces, [space]: { error } } });
  };

/** The same request with other ops of one space. */
export function withOps(
  push: PushRequest,
  space: SpaceId,
  change: (ops: readonly SentOp[]) => SentOp[],
): PushRequest {
  const { ops = [], ...asked } = push.spaces[space] ?? ({} as Asked);
  return { ...push, spaces: { ...push.spaces, [space]: { ...asked, ops: change(ops) } } };
}

/** The same request for own ops as they are, and not by name. */
export function allWhole(push: PushRequest, space: SpaceId): PushRequest {
  const about = push.spaces[space];
  if (!about) return push;
  const { have: _, ...asked } = about;
  return { ...push, spaces: { ...push.spaces, [space]: asked } };
}

type Asked = NonNullable<PushRequest['spaces'][SpaceId]>;
export type SentOp = NonNullable<Asked['ops']>[number];

export const titleIn = (op: SentOp): string =>
  'payload' in op ? (/"title":"([^"]*)"/.exec(op.payload)?.[1] ?? '') : '';
