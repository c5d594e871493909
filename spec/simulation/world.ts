/**
 * A run's world: one scheduler, one network, one server, a few people with a device each. Knows how
 * turns are taken and messages delivered; what is done is actions.ts's, what must hold oracles.ts's.
 */
import { createHash, type Hash } from 'node:crypto';
import type { SpaceId, Status } from '../../core/index.ts';
import { randomFrom, type Random } from '../support/random.ts';
import { noFaults, Violation, type FaultCounts, type FaultPoint } from './faults.ts';
import { Ledger } from './ledger.ts';
import { Logs } from './logs.ts';
import {
  Network,
  type Message,
  type RequestMessage,
  type SentReply,
  type SentRequest,
} from './network.ts';
import { Scheduler, SERVER } from './scheduler.ts';
import { SimDevice, type Asked, type Profile } from './sim-device.ts';
import { SimServer } from './sim-server.ts';
import { watchAccepted, watchTaken, type Seen } from './watch-claims.ts';
import { NO_AGE, watchFollowers, type Ages } from './watch-retention.ts';
import { watchCommit } from './watch-outbox.ts';
import { watchMoves, type Move } from './watch-moves.ts';
import { watchSettling } from './watch-refusals.ts';
import { watchSent } from './watch-sent.ts';
import { checkAnswer, checkPoke } from './answers.ts';
import { knowGrammars } from './grammars.ts';
import { Grants } from './grants.ts';
import { isRough } from './plan.ts';
import { CONFIG, OLDER_CONFIG } from './words.ts';

const PEOPLE = [
  { name: 'A', account: 'ann', config: CONFIG },
  { name: 'B', account: 'ann', config: CONFIG },
  { name: 'C', account: 'ann', config: OLDER_CONFIG },
  { name: 'D', account: 'bob', config: CONFIG },
  { name: 'E', account: 'bob', config: OLDER_CONFIG },
] as const;

export const DEVICES = PEOPLE.length;
/** Its app is of before the second grammar, until it is updated. */
const OLDEST = 'E';
const URL_OF_SERVER = 'http://server.test';

/** A write that a device was asked to take: what becomes of it is told when its answer is there. */
export interface OpenWrite {
  readonly asked: Asked;
  readonly device: SimDevice;
  readonly marks: readonly string[];
  /** What the page had on screen. */
  readonly seen: Seen;
  readonly typing: boolean;
  /** Marks of ops set aside that this takes the place of. */
  readonly instead: readonly (string | undefined)[];
  /** What the disk had refused before. */
  readonly failures: number;
}

export class World {
  readonly scheduler = new Scheduler();
  readonly faults: FaultCounts = noFaults();
  readonly ledger = new Ledger();
  readonly history: string[] = [];
  readonly network: Network;
  readonly server: SimServer;
  readonly logs: Logs;
  readonly grants: Grants;
  readonly devices: SimDevice[];
  readonly people = PEOPLE.length;
  /** Whether its devices listen to pokes, and one of them has an older app. */
  readonly isRough: boolean;
  /** Whether devices are copied that have something to send. */
  copiesUnsent = false;
  readonly backups: { readonly file: string; readonly ages: Ages }[] = [];
  /** How old its logs are, and who follows them. */
  ages: Ages = NO_AGE;
  /** By how much the server's own clock is wrong, in ms. */
  serverSkew = 0;
  /** Of each device that somebody made a backup of: the newest, and how much had been accepted by then. */
  readonly profiles = new Map<SimDevice, { readonly profile: Profile; readonly order: number }>();
  openWrites: OpenWrite[] = [];
  /** Devices that are killed while they take in their next answer, and after how many steps of that. */
  readonly deaths = new Map<SimDevice, number>();
  /** Devices that had a turn since they were last looked at. */
  readonly stirred = new Set<SimDevice>();
  /** What each device had sealed when it was last looked at. */
  readonly sealed = new Map<SimDevice, ReadonlyMap<string, string>>();
  /** How often each device had built spaces anew when it was last looked at. */
  readonly rebuilt = new Map<SimDevice, number>();
  /** Each move that a page has asked for. */
  readonly moves: Move[] = [];
  /** By actor and clock: the mark of what was sent there. */
  readonly sent = new Map<string, string>();
  /** By actor and clock: the op that the server has settled there, by its mark. */
  readonly settled = new Map<string, string>();
  /** Ops that were looked at when they were set aside. */
  readonly aside = new Set<string>();
  step = 0;
  readonly #trace: Hash = createHash('sha256');
  readonly #seed: number;
  /** What the server has written into streams and nobody has looked at. */
  readonly #written: { readonly device: number; readonly text: string }[] = [];
  #marks = 0;
  /** Where each replica stood when it was last held against its log. */
  readonly checked = new Map<string, string>();

  constructor(seed: number) {
    const happened = (point: FaultPoint) => void (this.faults[point] += 1);
    const chance = randomFrom(seed ^ 0x5eed);
    this.network = new Network(happened);
    this.network.onEvent = (device, text) => void this.#written.push({ device, text });
    this.server = new SimServer({
      now: () => this.scheduler.now + this.serverSkew,
      random: (count) => Uint8Array.from({ length: count }, () => chance.below(256)),
      happened,
      onRestart: () => this.network.breakStreams(),
    });
    this.#seed = seed;
    this.isRough = isRough(seed);
    this.grants = new Grants(this.server);
    this.logs = new Logs(this.server, this.grants);
    this.devices = PEOPLE.map((person, index) => this.#device(index, person));
    const oldest = this.devices.find(({ name }) => name === OLDEST);
    if (oldest && this.isRough) oldest.grammar = 1;
    this.scheduler.onTurn = (owner) => knowGrammars(this.devices[owner ?? SERVER]?.grammar);
  }

  #device(index: number, person: Pick<SimDevice, 'name' | 'account' | 'config'>): SimDevice {
    const device: SimDevice = new SimDevice({
      ...person,
      index,
      scheduler: this.scheduler,
      network: this.network,
      random: randomFrom((this.#seed << 3) ^ (index + 1)),
      listens: this.isRough,
      happened: (point) => this.happened(point),
      diskFailed: () => this.happened(device.disk.state === 'full' ? 'disk-full' : 'disk-fault'),
    });
    device.disk.onCommit = () => watchCommit(this, device);
    return device;
  }

  /** One more device: a copy of this one, that goes on by itself. */
  clone(device: SimDevice): SimDevice {
    const { name, account, config } = device;
    const copy = this.#device(this.devices.length, { name: `${name}'`, account, config });
    copy.grammar = device.grammar;
    copy.become(device.profile());
    this.devices.push(copy);
    return copy;
  }

  /** The app's newer version takes over: another worker on the same databases. */
  async update(device: SimDevice): Promise<void> {
    if (device.session.updateNeeded) this.happened('app-too-old');
    await this.turn(device, () => device.kill());
    device.grammar = undefined;
  }

  /** The device has another replica: nothing of the former one says anything of it. */
  begunAnew(device: SimDevice): void {
    this.sealed.delete(device);
    this.rebuilt.delete(device);
    for (const name of this.checked.keys())
      if (name.startsWith(`${device.index} `)) this.checked.delete(name);
  }

  happened(point: FaultPoint): void {
    this.faults[point] += 1;
  }

  /** Everything that two runs of one seed must have in common goes through here. */
  trace(text: string): void {
    this.#trace.update(text).update('\n');
  }

  get hash(): string {
    return this.#trace.copy().digest('hex').slice(0, 16);
  }

  nextMark(): string {
    return `m${++this.#marks}`;
  }

  /** Accounts, tokens and the lists that are shared: made before anything goes wrong. */
  async setUp(): Promise<void> {
    const lists = [0, 1, 2].map(() => this.devices[0]?.newId() as SpaceId);
    await this.operator(() => this.#prepareServer(lists));
  }

  async #prepareServer(lists: readonly SpaceId[]): Promise<void> {
    await this.grants.make(lists);
    const token = this.grants.tokenOf('ann');
    for (const space of lists.slice(1)) {
      await this.#request({
        method: 'POST',
        url: `${URL_OF_SERVER}/sync/spaces`,
        headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
        body: JSON.stringify({ space }),
      });
    }
    this.grants.heal();
  }

  /** What the server's operator does. */
  async operator(work: () => Promise<void>): Promise<void> {
    let isDone = false;
    await this.scheduler.turn(SERVER, () => void work().then(() => (isDone = true), throwLater));
    if (!isDone) throw new Error('the operator waits for something');
  }

  // ── turns ──────────────────────────────────────────────────────────────────────────────────────

  /** A device's turn: `begin`, and what follows from it on its disk, at most `most` steps of that. */
  async turn(device: SimDevice, begin: () => void = () => {}, most = Infinity): Promise<void> {
    this.stirred.add(device);
    await this.scheduler.turn(device.index, begin, most);
    this.#collect(device);
  }

  connectRequest(device: SimDevice) {
    const token = this.grants.tokenOf(device.account);
    return { v: 1 as const, type: 'connect' as const, url: URL_OF_SERVER, token };
  }

  /** Takes down what became of the writes that were answered, and that none has to wait at a quiet disk. */
  #collect(device: SimDevice): void {
    const isQuiet = this.scheduler.isQuiet(device.index);
    this.openWrites = this.openWrites.filter((write) => {
      if (write.device !== device) return true;
      const { reply, life } = write.asked;
      if (!reply) {
        if (life.isOver) return false;
        if (isQuiet)
          throw new Violation('P9', `${device.name}: a write waits with nothing to do on the disk`);
        return true;
      }
      this.#judge(write);
      return false;
    });
  }

  #judge({ asked: { reply }, device, marks, seen, typing, instead, failures }: OpenWrite): void {
    if (reply?.type === 'accepted') {
      const added = this.ledger.add(device.index, reply.receipts, marks, typing);
      for (const one of added) watchAccepted(device, one, seen);
      for (const mark of instead) this.ledger.end(mark, 'replaced');
      this.trace(`accepted ${marks.join()}`);
      return;
    }
    const code = reply?.type === 'error' ? reply.code : 'nothing';
    this.trace(`refused ${marks.join()} ${code}`);
    const isOfDisk = code === 'storage_full' || code === 'storage_failed';
    // An older app has no words for the newer kinds of mutations.
    const isTooNew = code === 'bad_op' && device.grammar !== undefined;
    if (isOfDisk ? device.disk.failures === failures : !isTooNew && !MAY_BE.has(code))
      throw new Violation('P1', `${device.name}: a write was answered ${code}`);
  }

  // ── messages ───────────────────────────────────────────────────────────────────────────────────

  /** Delivers up to `most` messages, and those that follow from them. */
  async flow(random: Random, most = 400): Promise<number> {
    for (let done = 0; done < most; done++) {
      const message = this.network.next((count) => random.below(count));
      if (!message) return done;
      await this.#deliver(message, random);
    }
    return most;
  }

  async #deliver(message: Message, random: Random): Promise<void> {
    if (message.kind === 'request') return this.#serve([message, ...this.#together(random)]);
    const to = this.devices[message.device];
    if (!to) return;
    if (message.kind === 'event') {
      const { line, chunk } = message;
      return this.turn(to, () => (chunk ? line.give(chunk) : line.break()));
    }
    const { reply, waiter, line } = message;
    if (!waiter) return;
    const most = this.deaths.get(to);
    await this.turn(to, () => waiter.answer(reply, line), most);
    if (most === undefined) return;
    this.deaths.delete(to);
    await this.turn(to, () => to.kill());
    this.happened('worker-killed-in-step');
  }

  /** Requests that reach the server in the same instant share its commits. */
  #together(random: Random): RequestMessage[] {
    return random.chance(0.3) ? this.network.moreRequests() : [];
  }

  async #serve(messages: readonly RequestMessage[]): Promise<void> {
    for (const { request } of messages) watchSent(this, request);
    if (this.server.isDown()) {
      for (const message of messages) this.network.answer(message, 'lost');
      return;
    }
    const { life } = this.server;
    const replies = new Map<RequestMessage, SentReply>();
    await this.scheduler.turn(SERVER, () => {
      for (const message of messages) {
        this.trace(`> ${message.device} ${message.request.body ?? message.request.url}`);
        this.#request(message.request).then(
          (reply) => reply && replies.set(message, reply),
          throwLater,
        );
      }
    });
    if (this.server.diedAt === life) {
      replies.clear();
      this.scheduler.forget(SERVER);
      this.server.restart();
    }
    const taken = this.logs.readOn();
    for (const { op } of taken) watchTaken(this, op);
    watchMoves(this, taken);
    for (const { device, text } of this.#written.splice(0)) {
      this.trace(`! ${device} ${text}`);
      checkPoke(this.grants, this.devices[device]?.account, text);
    }
    for (const message of messages) {
      const reply = replies.get(message) ?? 'lost';
      this.trace(`< ${message.device} ${reply === 'lost' ? 'lost' : reply.body}`);
      if (reply !== 'lost') {
        checkAnswer(this.grants, message.request, reply);
        this.#watchFollowers(message.request, reply);
        watchSettling(this, message.request, reply);
      }
      this.network.answer(message, reply);
    }
  }

  #watchFollowers(request: SentRequest, reply: SentReply): void {
    const { ages, expired } = watchFollowers(this.ages, request, reply);
    this.ages = ages;
    for (let i = 0; i < expired; i++) this.happened('fell-behind-the-horizon');
    if (isSnapshot(request, reply)) this.happened('begun-from-snapshot');
  }

  /** What the device says of itself; nothing where it does not answer. */
  async statusOf(device: SimDevice): Promise<Status | undefined> {
    let asked: Asked | undefined;
    await this.turn(device, () => (asked = device.ask({ v: 1, type: 'status' })));
    const reply = asked?.reply;
    return reply?.type === 'ok' ? reply.status : undefined;
  }

  /** Undefined where the answer broke off. */
  async #request({
    method,
    url,
    headers,
    body,
  }: RequestMessage['request']): Promise<SentReply | undefined> {
    const request = new Request(url, { method, headers, ...(body !== undefined && { body }) });
    const response = await this.server.parts.app.fetch(request);
    const { status } = response;
    const sent = { status, headers: Object.fromEntries(response.headers) };
    const isStream = response.headers.get('Content-Type') === 'text/event-stream';
    if (isStream && response.body) return { ...sent, body: '', events: response.body };
    const text = await response.text().catch(() => undefined);
    return text === undefined ? undefined : { ...sent, body: text };
  }
}

const isSnapshot = ({ url }: SentRequest, { status, body }: SentReply): boolean =>
  url.includes('/sync/bootstrap/') &&
  status === 200 &&
  /^\{[^\n]*"seq":[1-9][^\n]*\}\n\{/.test(body);

/** Refusals of a write that say something of the write itself. */
const MAY_BE = new Set([
  'no_such_record',
  'ambiguous_record',
  'not_set_aside',
  'forbidden',
  'too_large',
  'space_deleted',
]);

function throwLater(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
