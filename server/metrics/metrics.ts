/** The server's figures as Prometheus reads them (text exposition format 0.0.4). */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Hub } from '../events/hub.ts';
import type { Observer } from '../observer.ts';
import type { StoreFigures } from '../store/figures.ts';

export interface FigureSources {
  readonly hub: Pick<Hub, 'count'>;
  readonly figures: () => StoreFigures;
}

export interface Metrics {
  readonly observer: Observer;
  readonly contentType: string;
  text(): Promise<string>;
  /** Takes what is asked for only when somebody reads. */
  read(sources: FigureSources): void;
}

/** In seconds: a poll from memory takes a millisecond, a push as long as its disk. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const MEMBERS = [1, 2, 4, 8, 16, 32, 64, 128, 256];

export function createMetrics(): Metrics {
  const registers = [new Registry()];
  const [registry = new Registry()] = registers;
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'offing_request_seconds',
    help: 'Time until an answer began, by route, method and status.',
    labelNames: ['route', 'method', 'status'] as const,
    buckets: SECONDS,
    registers,
  });
  const taken = new Counter({
    name: 'offing_ops_taken_total',
    help: 'Ops that were added to a log.',
    registers,
  });
  const refused = new Counter({
    name: 'offing_ops_refused_total',
    help: 'Ops that were refused for good.',
    registers,
  });
  const commits = new Histogram({
    name: 'offing_commit_seconds',
    help: 'Time of a transaction, its durable commit included.',
    buckets: SECONDS,
    registers,
  });
  const members = new Histogram({
    name: 'offing_commit_members',
    help: 'Exchanges that shared a transaction.',
    buckets: MEMBERS,
    registers,
  });
  const snapshots = new Histogram({
    name: 'offing_snapshot_build_seconds',
    help: 'Time to build a snapshot, in its own thread.',
    buckets: SECONDS,
    registers,
  });
  const drops = new Counter({
    name: 'offing_log_drops_total',
    help: 'Drops that were added to a log.',
    registers,
  });
  const removed = new Counter({
    name: 'offing_log_ops_removed_total',
    help: 'Ops that were removed from a log, behind a drop.',
    registers,
  });
  const lastDrop = new Gauge({
    name: 'offing_log_last_drop_timestamp_seconds',
    help: 'When a log was dropped last, since the server runs; 0 where none was.',
    registers,
  });
  const faults = new Counter({
    name: 'offing_faults_total',
    help: 'Faults of the server itself, by name.',
    labelNames: ['name'] as const,
    registers,
  });
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    read: (sources) => readOnDemand(registers, sources),
    observer: {
      request: ({ route, method, status, ms }) =>
        requests.observe({ route, method, status: String(status) }, ms / 1000),
      exchange(counts) {
        if (counts.taken > 0) taken.inc(counts.taken);
        if (counts.refused > 0) refused.inc(counts.refused);
      },
      commit(seen) {
        commits.observe(seen.ms / 1000);
        members.observe(seen.members);
      },
      snapshot: ({ ms }) => snapshots.observe(ms / 1000),
      compacted(seen) {
        removed.inc(seen.removed);
        if (seen.dropped === 0) return;
        drops.inc();
        lastDrop.setToCurrentTime();
      },
      fault: (error) => faults.inc({ name: error instanceof Error ? error.name : 'unknown' }),
    },
  };
}

function readOnDemand(registers: Registry[], { hub, figures }: FigureSources): void {
  const gauge = (name: string, help: string, read: () => number): Gauge =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  gauge('offing_event_streams', 'Event streams that are open.', () => hub.count());
  gauge('offing_spaces', 'Spaces that are not deleted.', () => figures().spaces);
  gauge('offing_log_ops', 'Ops in all logs.', () => figures().ops);
  gauge('offing_database_bytes', 'Size of the database file.', () => figures().bytes);
}
