/** What was promised: each op that a device accepted, and what is known to have become of it. */
import type { Receipt, SpaceId } from '../../core/index.ts';

export interface Accepted {
  readonly mark: string;
  readonly device: number;
  readonly space: SpaceId;
  readonly row: number;
  readonly index: number;
  /** How much had been accepted before it, by all devices. */
  readonly order: number;
  /** The lowest seq that any writing of it claimed to have seen. */
  base?: number;
  /** How often its device had been rolled back by then: its rows count anew after that. */
  readonly generation: number;
  /** Why nothing has to be kept of it any more. */
  ended?: 'typed over' | 'replaced' | 'discarded' | 'rolled back' | 'lost';
  /** When its author took it for settled, by its own clock (ms). */
  settledAt?: number;
  /** It was in the log, and its author remembers it no more: a later restore may lose it. */
  forgotten?: boolean;
  /** Its device has let go of it, to the person: one that was on its way then arrives when it may. */
  letGo?: boolean;
}

export class Ledger {
  readonly #byDevice = new Map<number, Accepted[]>();
  readonly byMark = new Map<string, Accepted>();
  readonly #generations = new Map<number, number>();
  accepted = 0;

  add(
    device: number,
    receipts: readonly Receipt[],
    marks: readonly string[],
    typing: boolean,
  ): readonly Accepted[] {
    const list = this.of(device);
    const generation = this.#generations.get(device) ?? 0;
    const given = new Set<string>();
    const added: Accepted[] = [];
    for (const [i, { space, row, index }] of receipts.entries()) {
      const mark = marks[i];
      const place = `${row}:${index}`;
      // The second half of a move has the receipt of the first, and is written when that is in its log.
      if (mark === undefined || given.has(place)) continue;
      given.add(place);
      // What is typed on takes the place of what was typed before it, where that is still here: the
      // numbers of rows that went with a rollback or a lost replica may be given again, to other writes.
      const before = list.findLast(
        (one) => one.row === row && one.index === index && !one.ended && !one.forgotten,
      );
      if (typing && before) before.ended = 'typed over';
      const entry: Accepted = {
        mark,
        device,
        space,
        row,
        index,
        order: this.accepted,
        generation,
        ...(typing && before?.base !== undefined && { base: before.base }),
      };
      list.push(entry);
      added.push(entry);
      this.byMark.set(mark, entry);
      this.accepted += 1;
    }
    return added;
  }

  of(device: number): Accepted[] {
    const list = this.#byDevice.get(device) ?? [];
    this.#byDevice.set(device, list);
    return list;
  }

  /** In the order in which the device took them: two contexts may have answered in another. */
  inOrder(device: number): Accepted[] {
    return this.of(device).toSorted(
      (a, b) => a.generation - b.generation || a.row - b.row || a.index - b.index,
    );
  }

  /** The device is what it was when `order` ops had been accepted: what came later went with it. */
  rolledBack(device: number, order: number): void {
    this.#generations.set(device, (this.#generations.get(device) ?? 0) + 1);
    for (const entry of this.of(device)) if (entry.order >= order) entry.ended = 'rolled back';
  }

  /** All that it kept is gone: what is in no log went with it, and of the rest it remembers nothing. */
  lostReplica(device: number, isInLog: (mark: string) => boolean): void {
    this.#generations.set(device, (this.#generations.get(device) ?? 0) + 1);
    for (const entry of this.of(device)) {
      if (isInLog(entry.mark)) entry.forgotten = true;
      else entry.ended ??= 'lost';
    }
  }

  /** What is in no log yet has left the device's outbox, whatever is on its way. */
  letGo(device: number, isInLog: (mark: string) => boolean): void {
    for (const entry of this.of(device)) entry.letGo ||= !isInLog(entry.mark);
  }

  /** Its device remembers it no more for the recovery of a server. */
  forget(mark: string | undefined): void {
    const entry = mark === undefined ? undefined : this.byMark.get(mark);
    if (entry) entry.forgotten = true;
  }

  end(mark: string | undefined, why: Accepted['ended'] & string): void {
    const entry = mark === undefined ? undefined : this.byMark.get(mark);
    if (entry) entry.ended = why;
  }
}
