/**
 * Replicas around one log, reduced to what the core promises: each has what it folded, what it has
 * written and not folded, and views kept up as a host keeps them, record by record.
 */
import {
  applyPending,
  mutationsOf,
  recordKeyOf,
  touchedBy,
  visibleFields,
  type MutationJson,
  type PendingOp,
  type RecordFields,
  type RecordKey,
  type RecordState,
  type SequencedOp,
} from '../../core/index.ts';
import { logAfter, op, pendingAt, type WrittenOp } from './ops.ts';
import { confirmedOf, EMPTY_WORLD, foldOnto, reloadFromJson, type World } from './world.ts';

/** Gives each op its place, in the order of arrival. */
export class ModelServer {
  readonly log: SequencedOp[] = [];

  append(ops: readonly WrittenOp[]): void {
    this.log.push(...logAfter(this.log.length, ops));
  }
}

export class ModelReplica {
  readonly #name: string;
  readonly #server: ModelServer;
  #cursor = 0;
  #written = 0;
  /** How many of `#outbox` the server has. */
  #sent = 0;
  #outbox: WrittenOp[] = [];
  #views = new Map<RecordKey, RecordState | undefined>();
  world: World = EMPTY_WORLD;

  constructor(name: string, server: ModelServer) {
    this.#name = name;
    this.#server = server;
  }

  /** What is shown of a record, and that it was deleted. */
  state(key: RecordKey): RecordState | undefined {
    return this.#stateOf(key);
  }

  /** Ops that nobody has heard of yet. */
  get unsent(): number {
    return this.#outbox.length - this.#sent;
  }

  get isSettled(): boolean {
    return this.#outbox.length === 0 && this.#cursor === this.#server.log.length;
  }

  /** Writes on a view that is `behind` ops older than what is folded here. */
  write(mutations: readonly MutationJson[], { behind, at }: { behind: number; at: number }): void {
    this.#written += 1;
    const base = Math.max(0, this.#cursor - behind);
    const written = op(`${this.#name}:${this.#written}`, mutations, { base, at });
    this.#outbox.push(written);
    const [pending] = this.#pendingOf([written]);
    if (!pending) return;
    for (const key of touchedBy([pending])) {
      this.#views.set(key, this.#apply(key, this.#stateOf(key), [pending]));
    }
  }

  send(count: number): void {
    const ops = this.#outbox.slice(this.#sent, this.#sent + count);
    this.#sent += ops.length;
    this.#server.append(ops);
  }

  /** Folds the next ops and derives anew the views of the records that they touch, no others. */
  fetch(count: number): readonly SequencedOp[] {
    const ops = this.#server.log.slice(this.#cursor, this.#cursor + count);
    this.#cursor += ops.length;
    this.world = foldOnto(this.world, ops);
    const own = ops.filter(({ actor }) => actor === this.#outbox[0]?.actor).length;
    this.#outbox = this.#outbox.slice(own);
    this.#sent -= own;
    for (const key of touchedBy(ops)) this.#views.set(key, this.#derive(key));
    return ops;
  }

  /** The process dies; what is stored comes back through `store`. */
  restart(through: 'clone' | 'json'): void {
    const reload = (state: RecordState) =>
      through === 'clone' ? structuredClone(state) : reloadFromJson(state);
    const records = [...this.world.records].map(([key, state]) => [key, reload(state)] as const);
    this.world = { ...this.world, records: new Map(records) };
    this.#views = new Map(
      [...this.#views].map(([key, state]) => [key, state && reload(state)] as const),
    );
  }

  /** What the person sees, as kept up step by step. */
  seen(): Map<RecordKey, RecordFields> {
    return this.#visible((key) => this.#stateOf(key));
  }

  /** The same, derived from the start. */
  derived(): Map<RecordKey, RecordFields> {
    return this.#visible((key) => this.#derive(key));
  }

  #visible(stateOf: (key: RecordKey) => RecordState | undefined): Map<RecordKey, RecordFields> {
    const pending = this.#outbox.flatMap(mutationsOf).map(recordKeyOf);
    const shown = new Map<RecordKey, RecordFields>();
    for (const key of [...this.world.records.keys(), ...pending]) {
      const fields = visibleFields(stateOf(key));
      if (fields) shown.set(key, fields);
    }
    return shown;
  }

  #stateOf(key: RecordKey): RecordState | undefined {
    return this.#views.has(key) ? this.#views.get(key) : this.world.records.get(key);
  }

  #derive(key: RecordKey): RecordState | undefined {
    return this.#apply(key, this.world.records.get(key), this.#pendingOf(this.#outbox));
  }

  #apply(key: RecordKey, state: RecordState | undefined, pending: readonly PendingOp[]) {
    return applyPending(key, state, pending, confirmedOf(this.world).conflict);
  }

  #pendingOf(written: readonly WrittenOp[]): PendingOp[] {
    return pendingAt(this.#cursor, written);
  }
}
