/**
 * Kills the real server again and again under load. After each restart the logs are audited; in the
 * end every write that was acknowledged, or for which a device gave a receipt, must be in its log
 * once, in its author's order, and every device must be the fold of what the server has.
 */
import type { SpaceId } from '../../core/index.ts';
import { uuid } from '../support/device.ts';
import { randomFrom, type Random } from '../support/random.ts';
import { logsOf } from '../support/restorable-server.ts';
import { DeviceAuthor } from './device-author.ts';
import { brokenPages, LogAudit } from './log-audit.ts';
import { MortalServer, type Aim } from './mortal-server.ts';
import { RawAuthor, type RawWorld } from './raw-author.ts';

export interface CrashOptions {
  readonly kills: number;
  readonly seed: number;
  /** Told how far it is. */
  readonly tell?: (line: string) => void;
}

export interface ServerKills {
  readonly kills: Readonly<Record<Aim, number>>;
  /** Kills that left half of a commit behind. */
  readonly torn: number;
  /** Accepted: acknowledged by the server, or by a device. */
  readonly accepted: number;
  /** Requests that were sent again, because their answer never came. */
  readonly repeated: number;
  /** Ops found after a restart that were committed, and whose answer the kill cut off. */
  readonly unanswered: number;
  readonly lost: number;
  readonly doubled: number;
  readonly longestRecoveryMs: number;
  readonly faults: readonly string[];
}

/** One in so many kills strikes while the server starts. */
const START_KILLS = 6;

export async function killServers({ kills, seed, tell }: CrashOptions): Promise<ServerKills> {
  const random = randomFrom(seed);
  const server = await MortalServer.create();
  const run = new Run(seed, server, {
    raw: await server.token('raw'),
    devices: await server.token('devices'),
  });
  try {
    const writing = run.write();
    for (let done = 0; done < kills; done++) {
      await run.killOnce(random);
      if ((done + 1) % 10 === 0) tell?.(`${done + 1} of ${kills} server kills, ${run.progress()}`);
      if (run.faults().length > 0) break;
    }
    await run.settle(writing);
    return await run.summary();
  } finally {
    run.close();
    await server.dispose();
  }
}

class Run {
  readonly #server: MortalServer;
  readonly #audit: LogAudit;
  readonly #raw: readonly RawAuthor[];
  readonly #devices: readonly DeviceAuthor[];
  readonly #deviceToken: string;
  readonly #faults: string[] = [];
  #isOver = false;
  #unanswered = 0;
  #longestRecoveryMs = 0;
  /** Called at each acknowledgement. */
  #acknowledged: () => void = () => {};

  constructor(seed: number, server: MortalServer, tokens: { raw: string; devices: string }) {
    this.#server = server;
    this.#audit = new LogAudit(server.data);
    this.#deviceToken = tokens.devices;
    const world = (token: string): RawWorld => ({
      url: server.url,
      token,
      up: server.up,
      isOver: () => this.#isOver,
      acknowledged: () => this.#acknowledged(),
    });
    const [alone, first, second, shared] = [newSpace(), newSpace(), newSpace(), newSpace()];
    this.#raw = [[alone], [first, second], [shared], [shared]].map(
      (spaces, i) => new RawAuthor(`R${i}`, seed * 100 + i, spaces, world(tokens.raw)),
    );
    const lists = [newSpace(), newSpace(), newSpace()];
    this.#devices = [0, 1, 2].map(
      (i) => new DeviceAuthor(`D${i}`, seed * 100 + 50 + i, lists, world(tokens.devices)),
    );
  }

  /** Everybody at once, until it is over. */
  write(): Promise<unknown> {
    return Promise.all([...this.#raw, ...this.#devices].map((author) => author.run()));
  }

  async killOnce(random: Random): Promise<void> {
    if (random.below(START_KILLS) === 0) return this.#server.killInStart(random);
    await this.#restart();
    await this.#server.kill(random.pick(['any time', 'commit', 'commit']), random);
  }

  /** The last start: everybody sends what they have left, and hears what there is. */
  async settle(writing: Promise<unknown>): Promise<void> {
    this.#isOver = true;
    await this.#restart();
    await writing;
    // Twice: what the last of them sent, the first has yet to hear of.
    for (const _ of ['send', 'hear']) {
      for (const device of this.#devices) await device.comeHome();
    }
  }

  async summary(): Promise<ServerKills> {
    const { kills, torn, data, url } = this.#server;
    // First: the audit keeps this process from its connections for so long that the server ends them.
    const logs = await logsOf(url, this.#deviceToken);
    for (const device of this.#devices) await device.checkReplica(logs);
    const whole = new LogAudit(data);
    this.#read(whole);
    const sum = (counts: readonly number[]) => counts.reduce((all, count) => all + count, 0);
    const disordered = this.#devices.flatMap((device) => device.disorderedIn(logs));
    return {
      kills,
      torn,
      accepted:
        sum(this.#raw.map(({ accepted }) => accepted)) +
        sum(this.#devices.map(({ written }) => written.length)),
      repeated: sum(this.#raw.map(({ repeated }) => repeated)),
      unanswered: this.#unanswered,
      lost:
        sum(this.#raw.map((author) => author.lostIn(whole))) +
        sum(this.#devices.map((device) => device.lostIn(logs))),
      doubled: whole.doubled + sum(this.#devices.map((device) => device.doubledIn(logs))),
      longestRecoveryMs: Math.round(this.#longestRecoveryMs),
      faults: [
        ...this.faults(),
        ...whole.faults,
        ...disordered.map((space) => `another order in ${space}`),
        ...brokenPages(data),
      ],
    };
  }

  faults = (): string[] => [
    ...this.#faults,
    ...this.#audit.faults,
    ...[...this.#raw, ...this.#devices].flatMap((author) => author.faults),
  ];

  progress = (): string =>
    `${this.#raw.reduce((all, { accepted }) => all + accepted, 0)} ops acknowledged`;

  close(): void {
    for (const device of this.#devices) device.close();
  }

  async #restart(): Promise<void> {
    const { up } = this.#server;
    const startedAt = performance.now();
    await this.#server.start();
    const upAt = performance.now();
    await this.#lookAtData();
    const openedAt = performance.now();
    const answered = new Promise<void>((done) => (this.#acknowledged = done));
    up.open();
    await answered;
    const took = upAt - startedAt + (performance.now() - openedAt);
    this.#longestRecoveryMs = Math.max(this.#longestRecoveryMs, took);
  }

  /** What is there beyond what was answered was cut off from its answer. */
  async #lookAtData(): Promise<void> {
    // Before the log is read: a device may send the moment it finds the server up.
    const folded = await Promise.all(this.#devices.map((device) => device.cursors()));
    this.#read(this.#audit);
    for (const { space, cursor } of folded.flat()) {
      if (cursor > this.#audit.headOf(space)) this.#faults.push(`${space} is gone above ${cursor}`);
    }
    for (const author of this.#raw) {
      const lost = author.lostIn(this.#audit);
      if (lost > 0) this.#faults.push(`${lost} acknowledged ops are gone`);
      if (author.inventedIn(this.#audit) > 0) this.#faults.push('ops that nobody wrote');
      this.#unanswered += author.foundUnansweredIn(this.#audit);
    }
  }

  #read(audit: LogAudit): void {
    audit.readOn((op) => {
      const fault = this.#raw.find((author) => author.owns(op))?.faultOf(op);
      if (fault) this.#faults.push(fault);
    });
  }
}

const newSpace = (): SpaceId => uuid() as SpaceId;
