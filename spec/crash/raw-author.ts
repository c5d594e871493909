/**
 * Somebody who speaks the protocol alone: pushes ops one request after the other, as fast as they are
 * answered, and sends again what was not. What was answered is what must never be lost.
 */
import {
  parse,
  PushAnswerSchema,
  type ActorId,
  type Epoch,
  type SpaceId,
} from '../../core/index.ts';
import { uuid } from '../support/device.ts';
import { randomFrom, type Random } from '../support/random.ts';
import type { Gate } from './gate.ts';
import type { AuditedOp, LogAudit } from './log-audit.ts';

export interface RawWorld {
  readonly url: string;
  readonly token: string;
  readonly up: Gate;
  isOver(): boolean;
  /** An op that is in the log for good, as far as its author can know. */
  acknowledged(count: number): void;
}

/** One log as this author sees it. */
interface Log {
  readonly space: SpaceId;
  readonly actor: ActorId;
  /** The last clock that was written, sent or not. */
  written: number;
  acked: number;
  /** The last one that was found in the log. */
  found: number;
  since: number;
  epoch?: Epoch;
}

/** Mostly single ops; sometimes so many that their commit takes a while. */
const BATCHES = [1, 1, 1, 2, 5, 20, 100, 300];
const SIZES = [20, 20, 200, 1500];

export class RawAuthor {
  readonly faults: string[] = [];
  /** Requests that had to be sent again. */
  repeated = 0;
  readonly #name: string;
  readonly #world: RawWorld;
  readonly #random: Random;
  readonly #logs: readonly Log[];

  /** In one request there is something for each of these spaces. */
  constructor(name: string, seed: number, spaces: readonly SpaceId[], world: RawWorld) {
    this.#name = name;
    this.#world = world;
    this.#random = randomFrom(seed);
    const actor = uuid() as ActorId;
    this.#logs = spaces.map((space) => ({
      space,
      actor,
      written: 0,
      acked: 0,
      found: 0,
      since: 0,
    }));
  }

  get accepted(): number {
    return this.#logs.reduce((sum, { acked }) => sum + acked, 0);
  }

  /** Until it is over, and all that was written has been answered. */
  async run(): Promise<void> {
    const { up } = this.#world;
    while (!this.#world.isOver()) {
      this.#write();
      for (;;) {
        await up.whenOpen();
        if (await this.#push()) break;
        this.repeated += 1;
      }
      if (this.faults.length > 0) return;
    }
  }

  /** What is wrong with an op of this author in a log, or null. */
  faultOf({ space, clock, payload }: AuditedOp): string | null {
    return payload === this.#payload(space, clock) ? null : `${this.#name} ${clock}: other words`;
  }

  owns = ({ actor }: AuditedOp): boolean => this.#logs.some((log) => log.actor === actor);

  /** Those that were answered and are not there. */
  lostIn(audit: LogAudit): number {
    return this.#logs.reduce((lost, { space, actor, acked }) => {
      return lost + Math.max(0, acked - audit.countOf(space, actor));
    }, 0);
  }

  /** Those that are there though they were never written. */
  inventedIn(audit: LogAudit): number {
    return this.#logs.reduce((more, { space, actor, written }) => {
      return more + Math.max(0, audit.countOf(space, actor) - written);
    }, 0);
  }

  /** Those that turn out to be there though their answer was cut off. */
  foundUnansweredIn(audit: LogAudit): number {
    return this.#logs.reduce((more, log) => {
      const known = Math.max(log.acked, log.found);
      log.found = audit.countOf(log.space, log.actor);
      return more + Math.max(0, log.found - known);
    }, 0);
  }

  #write(): void {
    for (const log of this.#logs) log.written += this.#random.pick(BATCHES);
  }

  /** False if there was no answer. */
  async #push(): Promise<boolean> {
    const { url, token } = this.#world;
    const spaces = Object.fromEntries(this.#logs.map((log) => [log.space, this.#requestOf(log)]));
    const init = {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ spaces }),
    };
    const answered = await fetch(`${url}/sync/push`, init)
      .then(
        async (response) => response.json() as Promise<unknown>,
        () => null,
      )
      .catch(() => null);
    if (answered === null) return false;
    this.#take(answered);
    return true;
  }

  #take(answered: unknown): void {
    const parsed = parse(PushAnswerSchema, answered);
    for (const log of this.#logs) {
      const part = parsed.ok ? parsed.value.spaces[log.space] : undefined;
      if (!part || 'error' in part || part.acked !== log.written) {
        this.faults.push(`${this.#name} was answered ${JSON.stringify(part ?? answered)}`);
        continue;
      }
      this.#world.acknowledged(part.acked - log.acked);
      log.acked = part.acked;
      log.since = part.ops.at(-1)?.seq ?? log.since;
      log.epoch = part.epoch;
    }
  }

  #requestOf({ space, actor, written, acked, since, epoch }: Log) {
    const clocks = Array.from({ length: written - acked }, (_, i) => acked + 1 + i);
    const ops = clocks.map((clock) => {
      return { clock, base: since, at: 0, v: 1, payload: this.#payload(space, clock) };
    });
    return { actor, since, ...(epoch !== undefined && { epoch }), create: true, ops };
  }

  /** Always the same for the same op, so that none of them need be kept. */
  #payload(space: SpaceId, clock: number): string {
    const size = randomFrom(clock).pick(SIZES);
    const fields = { title: `${this.#name} ${clock}`, note: 'x'.repeat(size) };
    const put = { kind: 'put', collection: 'items', id: space, new: true, fields };
    return JSON.stringify({ do: [put] });
  }
}
