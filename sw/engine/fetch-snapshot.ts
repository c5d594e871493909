/**
 * A space's newest snapshot, read whole into memory: what a replica that has something already is built
 * anew from. Its text is kept in pieces while it comes, so that whoever is cut off or killed goes on
 * there; they go with the transaction that adopts the state, or here where they are of no use.
 */
import {
  beginningOf,
  FILL_SIZES,
  type Failure,
  type Filling,
  type Outcome,
  type Snapshot,
  type SnapshotPlace,
  type SpaceId,
  type TextPiece,
} from '../../core/index.ts';
import { StorageError, type Connection, type Ports, type ReplicaTx } from './ports.ts';
import { isHeader, SnapshotText } from './snapshot-text.ts';

/** How a snapshot's text is read. */
export interface SnapshotReading {
  /** Where to go on: without the header. */
  readonly from?: SnapshotPlace | undefined;
  /**
   * Takes the next lines, without their ends; nothing more is read meanwhile. False where no more are
   * wanted. A line that was cut off never comes here.
   */
  take(lines: readonly string[]): Promise<boolean>;
}

/** The pieces of a text that are kept, of the newest snapshot of a space. */
export interface FetchedReads {
  /** In the order of their offsets. */
  fetchedOf(space: SpaceId): Promise<TextPiece[]>;
}

export interface FetchedTx {
  putFetched(piece: TextPiece): Promise<void>;
  clearFetched(space: SpaceId): Promise<void>;
}

/** Hears how much of a space's text has come. */
export type OnCame = (space: SpaceId, standing: Filling) => Promise<void>;

/** An answer that broke off counts as no network. */
export const CUT_OFF: Failure = { kind: 'network', why: 'unreachable' };
/** So does what is none of ours: something on the way, or a server at fault. */
export const NOT_OURS: Failure = { kind: 'network', why: 'not-ours' };
/** What a server would say that would not talk to this version any more. */
const TOO_OLD: Failure = { kind: 'refused', code: 'client_too_old' };

type Around = Pick<Ports, 'transport' | 'store' | 'fillSizes'>;

export async function fetchSnapshot(
  ports: Around,
  connection: Connection,
  space: SpaceId,
  onCame: OnCame,
): Promise<Outcome<Snapshot>> {
  const pieces = beginningOf(await ports.store.read((tx) => tx.fetchedOf(space)));
  const pass = createPass(ports, space, pieces);
  const { from } = pass;
  const take = async (lines: readonly string[]): Promise<boolean> => {
    const goesOn = await pass.take(lines);
    await onCame(space, pass.text.standing);
    return goesOn;
  };
  const answer = await ports.transport.bootstrap(connection, space, { from, take });
  const { text } = pass;
  if (text.isCut) {
    await pass.keep();
    if (answer.ok) return { ok: false, failure: CUT_OFF };
    if (!from || !isOfAnother(answer.failure)) return answer;
    // The snapshot is not there any more. Where that cannot be noted, it would be asked for without end.
    const isForgotten = await forgetFetched(ports, space);
    return isForgotten ? fetchSnapshot(ports, connection, space, onCame) : answer;
  }
  const read = text.reader.end();
  if (read.ok && read.snapshot.header.space === space) return { ok: true, value: read.snapshot };
  await forgetFetched(ports, space);
  return { ok: false, failure: read.ok || read.version === undefined ? NOT_OURS : TOO_OLD };
}

/** What was kept of a text is of no use. */
export const forgetFetched = ({ store }: Pick<Ports, 'store'>, space: SpaceId): Promise<boolean> =>
  hasRoom(store, (tx) => tx.clearFetched(space));

const isOfAnother = (failure: Failure): boolean =>
  failure.kind === 'refused' && failure.code === 'no_such_snapshot';

/** One answer's lines, behind those that are kept. */
function createPass(ports: Around, space: SpaceId, pieces: readonly TextPiece[]) {
  const { store, fillSizes = FILL_SIZES } = ports;
  let text = new SnapshotText();
  for (const { text: lines } of pieces) text.add(lines.slice(0, -1).split('\n'));
  // Software that has learned to read more strictly takes nothing of it.
  if (text.isAtFault) text = new SnapshotText();
  const from = text.place;
  let isResumed = from !== undefined;
  let isKept = true;
  let waiting: string[] = [];
  let size = 0;
  let keptTo = from?.offset ?? 0;

  /** Puts what came since the last piece behind it. */
  async function keep(): Promise<void> {
    const { place } = text;
    const lines = waiting.map((line) => `${line}\n`).join('');
    waiting = [];
    size = 0;
    if (!place || lines === '' || !isKept) return;
    const piece = { space, ...place, offset: keptTo, text: lines };
    keptTo = place.offset;
    isKept = await hasRoom(store, (tx) => tx.putFetched(piece));
    // What is adopted needs the room: without it the text is fetched from its start another time.
    if (!isKept) await forgetFetched(ports, space);
  }

  /** A server that does not know how to go on with a snapshot sends the newest from its start. */
  async function restart(): Promise<void> {
    text = new SnapshotText();
    keptTo = 0;
    await forgetFetched(ports, space);
  }

  return {
    from,
    get text() {
      return text;
    },
    keep,
    async take(lines: readonly string[]): Promise<boolean> {
      const [first] = lines;
      if (isResumed && first !== undefined && isHeader(first)) await restart();
      isResumed = false;
      // Nothing that comes later mends a fault.
      if (!text.add(lines)) return false;
      waiting.push(...lines);
      size += lines.reduce((sum, line) => sum + line.length, 0);
      if (size >= fillSizes.piece) await keep();
      return true;
    },
  };
}

/** False where the disk did not take it. */
async function hasRoom(
  store: Ports['store'],
  work: (tx: ReplicaTx) => Promise<void>,
): Promise<boolean> {
  try {
    await store.write(work);
    return true;
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    return false;
  }
}
