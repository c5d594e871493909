/**
 * The server's logs as a run sees them grow, read from its database: dense, one chain, each clock once
 * and in order, no op twice, none of who may not write. Remembers what each log was at each digest, so
 * that a replica of any moment and any history can be held against the fold of what it was folded from.
 */
import { createHash } from 'node:crypto';
import {
  EMPTY_DIGEST,
  nextDigest,
  SERVER_ACTOR,
  type SequencedOp,
  type SpaceId,
} from '../../core/index.ts';
import { canonicalWorld, EMPTY_WORLD, foldOnto, type World } from '../support/world.ts';
import { Violation } from './faults.ts';
import type { Grants } from './grants.ts';
import type { LoggedOp, SimServer } from './sim-server.ts';
import { markOf } from './words.ts';

export interface Log {
  readonly space: SpaceId;
  readonly ops: LoggedOp[];
  /** Where the op of each mark is. */
  readonly marks: Map<string, LoggedOp>;
  readonly clocks: Map<string, number>;
}

/** An op that a log got just now. */
export interface TakenOp {
  readonly space: SpaceId;
  readonly op: LoggedOp;
}

/** A log up to one of its ops, and what it folds to. */
export interface Past {
  readonly log: () => readonly SequencedOp[];
  readonly world: World;
  /** Its canonical text, once somebody asked. */
  text?: string;
}

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

export class Logs {
  readonly #server: SimServer;
  readonly #now = new Map<SpaceId, Log>();
  readonly #pasts = new Map<string, Past>();
  readonly #grants: Grants;

  constructor(server: SimServer, grants: Grants) {
    this.#server = server;
    this.#grants = grants;
  }

  get all(): Iterable<Log> {
    return this.#now.values();
  }

  of(space: SpaceId): Log {
    const log = this.#now.get(space) ?? { space, ops: [], marks: new Map(), clocks: new Map() };
    this.#now.set(space, log);
    return log;
  }

  /** The op of a mark, wherever it is. */
  find(mark: string): LoggedOp | undefined {
    for (const { marks } of this.#now.values()) {
      const op = marks.get(mark);
      if (op) return op;
    }
    return undefined;
  }

  past(space: SpaceId, digest: string): Past | undefined {
    if (digest === EMPTY_DIGEST) return { log: () => [], world: EMPTY_WORLD };
    return this.#pasts.get(`${space} ${digest}`);
  }

  textOf(past: Past): string {
    return (past.text ??= canonicalWorld(past.world));
  }

  /** The server was put back: what it has now is read from the start, and was granted in its time. */
  readAnew(): void {
    this.#now.clear();
    for (const { space, horizon, digest } of this.#server.horizons()) {
      if (horizon > 0) this.#remember(space, digest);
    }
    this.#read(() => {});
  }

  /** What lies before a log's horizon, from when it was still there. */
  #remember(space: SpaceId, digest: string): void {
    const before = this.past(space, digest);
    if (!before) throw new Violation('P3', `${space} begins behind what was in no log`);
    const log = this.of(space);
    for (const op of before.log()) this.#enter(log, op as LoggedOp);
  }

  /** Returns the ops that are new. */
  readOn(): readonly TakenOp[] {
    return this.#read((space, op) => {
      this.#grants.taken(space, op.seq);
      if (op.actor === SERVER_ACTOR) return;
      const name = this.#grants.nameOf(this.#server.accountOf(space, op.actor));
      if (this.#grants.levelOf(name, space) !== 'write')
        throw new Violation('P8', `${space} ${op.seq} was written without a grant`);
    });
  }

  #read(check: (space: SpaceId, op: LoggedOp) => void): readonly TakenOp[] {
    return this.#server.spaces().flatMap((space) => {
      const log = this.of(space);
      const taken = this.#server.logAfter(space, log.ops.length);
      for (const op of taken) {
        check(space, op);
        this.#take(log, op);
      }
      return taken.map((op) => ({ space, op }));
    });
  }

  #enter(log: Log, op: LoggedOp): void {
    const mark = markOf(op.payload);
    if (mark !== undefined) log.marks.set(mark, op);
    log.clocks.set(op.actor, op.clock);
    log.ops.push(op);
  }

  #take(log: Log, op: LoggedOp): void {
    const before = log.ops.at(-1);
    const name = `${log.space} ${op.seq}`;
    if (op.seq !== log.ops.length + 1) throw new Violation('P2', `${name} is not the next seq`);
    const digest = nextDigest(before?.digest ?? EMPTY_DIGEST, op, sha256);
    if (digest !== op.digest) throw new Violation('P3', `${name}: its digest is not the chain's`);
    const last = log.clocks.get(op.actor) ?? 0;
    if (op.clock <= last)
      throw new Violation('P5', `${name}: clock ${op.clock} comes after ${last}`);
    const mark = markOf(op.payload);
    const twin = mark === undefined ? undefined : this.find(mark);
    if (twin)
      throw new Violation('P2', `${mark} is in the log twice: at ${twin.seq} and ${op.seq}`);
    this.#enter(log, op);
    const { ops } = log;
    const past = this.past(log.space, before?.digest ?? EMPTY_DIGEST);
    const world = foldOnto(past?.world ?? EMPTY_WORLD, [op]);
    this.#pasts.set(`${log.space} ${digest}`, { log: () => ops.slice(0, op.seq), world });
  }
}
