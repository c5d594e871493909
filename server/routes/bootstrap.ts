/**
 * GET /sync/bootstrap/:space: what a device begins a space from, the newest snapshot. Without one that
 * is the header at seq 0: the log is replayed from its start.
 *
 * Who was cut off names the snapshot and the byte that it got to, and is answered with the rest, as
 * compressed as the whole is. A Range header is answered too, but by its nature as it is: of a
 * compressed text it would name bytes that nobody can read alone.
 */
import { Hono } from 'hono';
import { EMPTY_DIGEST, FIRST_SEQ, isSpaceId } from '../../core/index.ts';
import type { BootstrapHeader, SpaceId } from '../../core/index.ts';
import type { PastDoor } from '../http/door.ts';
import { ProblemError } from '../http/problem.ts';
import type { OpLog } from '../log/op-log.ts';
import { openText } from '../snapshots/open-text.ts';
import type { SnapshotKeeper } from '../snapshots/keeper.ts';
import type { SnapshotStore, StoredSnapshot } from '../store/snapshot-port.ts';
import type { StoredSpace } from '../store/port.ts';
import { answerSnapshot } from './answer-snapshot.ts';
import { turnedAway } from './spaces.ts';

export interface BootstrapDeps {
  readonly log: OpLog;
  readonly snapshots: SnapshotStore;
  readonly keeper: SnapshotKeeper;
}

export const bootstrapRoute = ({ log, snapshots, keeper }: BootstrapDeps) =>
  new Hono<PastDoor>().get('/bootstrap/:space', async (c) => {
    const id = c.req.param('space');
    if (!isSpaceId(id)) {
      throw new ProblemError('bad_request', { path: 'space', detail: 'not a UUIDv7' });
    }
    const named = namedIn(c.req.query());
    const entry = await log.visit(c.var.asker, id, false);
    if ('code' in entry) throw turnedAway(entry);
    const { space } = entry;
    const { sound } = await snapshots.list(id);
    const snapshot = named ? theNamed(named, space, sound) : sound[0];
    if (!named) keeper.asked(id);
    if (!snapshot) return withoutSnapshot(id, space);
    const onDamage = (): void => keeper.damaged(id);
    const text = openText({ snapshots, snapshot, epoch: space.epoch, onDamage });
    return answerSnapshot(c.req.raw.headers, text, named?.offset);
  });

interface Named {
  readonly epoch: string;
  readonly seq: number;
  /** Of the text, its header included, in bytes. */
  readonly offset: number;
}

const PARAMETERS = ['epoch', 'seq', 'offset'] as const;
const COUNT = /^\d{1,15}$/;

/** The snapshot that is asked for by name, if one is. */
function namedIn(query: Record<string, string>): Named | undefined {
  const missing = PARAMETERS.find((name) => query[name] === undefined);
  const { epoch, seq = '', offset = '' } = query;
  if (epoch === undefined || missing !== undefined) {
    if (PARAMETERS.every((name) => query[name] === undefined)) return undefined;
    const detail = 'epoch, seq and offset stand together';
    throw new ProblemError('bad_request', { path: missing ?? 'epoch', detail });
  }
  if (!COUNT.test(seq)) throw new ProblemError('bad_request', { path: 'seq' });
  if (!COUNT.test(offset)) throw new ProblemError('bad_request', { path: 'offset' });
  return { epoch, seq: Number(seq), offset: Number(offset) };
}

function theNamed(
  { epoch, seq }: Named,
  space: StoredSpace,
  sound: readonly StoredSnapshot[],
): StoredSnapshot {
  const found = epoch === space.epoch && sound.find(({ header }) => header.seq === seq);
  if (!found) throw new ProblemError('no_such_snapshot');
  return found;
}

function withoutSnapshot(space: SpaceId, { epoch, horizon }: StoredSpace): Response {
  // Nobody can begin from a log without its start: it is being made again.
  if (horizon > FIRST_SEQ) {
    throw new ProblemError('overloaded', { headers: { 'Retry-After': '1' } });
  }
  const header: BootstrapHeader = {
    space,
    epoch,
    seq: FIRST_SEQ,
    digest: EMPTY_DIGEST,
    horizon,
    records: 0,
    actors: 0,
    conflicts: 0,
    malformed: 0,
    bytes: 0,
  };
  return new Response(`${JSON.stringify(header)}\n`, {
    headers: {
      'Content-Type': 'application/x-ndjson',
      'Cache-Control': 'no-store',
      ETag: `"${epoch}-${header.seq}"`,
    },
  });
}
