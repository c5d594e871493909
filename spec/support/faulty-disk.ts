/** An IndexedDB whose disk a test can fill, and whose connections it can cut or hold open. */
import { forceCloseDatabase, IDBFactory } from 'fake-indexeddb';

export interface FaultyDisk {
  readonly indexedDB: IDBFactory;
  /** How many rows may still be written; the transaction of the one after finds no room. */
  room: number;
  /** The name of the error that such a transaction ends with. */
  roomFault: string;
  /** Called when rows are deleted. */
  onDelete: () => void;
  /** Fails the transactions that are begun, while it is not null, with an error of this name. */
  lost: string | null;
  /** Commits the transactions that write, and says of each that its connection was lost. */
  isMute: boolean;
  /** Closes every connection, as a browser does by itself: what is under way is aborted. */
  cut(): void;
}

interface Abortable extends IDBTransaction {
  _abort(name: string): void;
}

export function faultyDisk(): FaultyDisk {
  const indexedDB = new IDBFactory();
  const open = new Set<IDBDatabase>();
  const under = new Set<Abortable>();
  const disk: FaultyDisk = {
    indexedDB,
    room: Infinity,
    roomFault: 'QuotaExceededError',
    onDelete: () => {},
    lost: null,
    isMute: false,
    cut() {
      for (const transaction of under) transaction._abort('AbortError');
      // Its types take the class for the connection.
      for (const db of open) forceCloseDatabase(db as never);
      open.clear();
    },
  };

  const really = indexedDB.open.bind(indexedDB);
  indexedDB.open = (...args: Parameters<typeof really>) => {
    const request = really(...args);
    request.addEventListener('success', () => {
      const db = request.result;
      open.add(db);
      const begin = db.transaction.bind(db);
      db.transaction = (...what: Parameters<typeof begin>) => {
        if (disk.lost)
          throw new DOMException('Connection to Indexed Database server lost', disk.lost);
        const transaction = begin(...what) as Abortable;
        if (disk.isMute && transaction.mode === 'readwrite') mute(transaction);
        under.add(transaction);
        for (const end of ['complete', 'abort'])
          transaction.addEventListener(end, () => under.delete(transaction));
        return limited(transaction, disk);
      };
    });
    return request;
  };
  return disk;
}

/** Its process ended right after the commit: what is heard is an abort. */
function mute(transaction: Abortable): void {
  const lost = new DOMException('Connection to Indexed Database server lost', 'UnknownError');
  const listen = transaction.addEventListener.bind(transaction);
  transaction.addEventListener = (type: string, listener: (event: Event) => void) => {
    if (type === 'complete') return;
    listen(type === 'abort' ? 'complete' : type, (event: Event) => {
      if (type === 'abort') Object.defineProperty(transaction, 'error', { value: lost });
      listener.call(transaction, event);
    });
  };
}

/** A browser finds out late: the rows seem to be written, and then the whole transaction is aborted. */
function limited(transaction: Abortable, disk: FaultyDisk): IDBTransaction {
  const storeOf = transaction.objectStore.bind(transaction);
  transaction.objectStore = (name) => {
    const store = storeOf(name);
    for (const method of ['add', 'put'] as const) {
      const really = store[method].bind(store);
      store[method] = (...args) => {
        const request = really(...args);
        disk.room -= 1;
        if (disk.room < 0)
          request.addEventListener('success', () => transaction._abort(disk.roomFault));
        return request;
      };
    }
    const { delete: remove } = store;
    store.delete = (...args) => {
      disk.onDelete();
      return remove.apply(store, args);
    };
    return store;
  };
  return transaction;
}
