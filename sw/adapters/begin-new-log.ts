/**
 * Saves an origin's databases from Chromium. It keeps IndexedDB in LevelDB, which at each start goes on
 * in the log that it finds. A browser that is killed between the head of a record and its body leaves a
 * head alone; what is written behind it counts as that body, until the log is next read: then it is
 * "corrupt", and the browser deletes every database of the origin, though nothing in it was damaged.
 *
 * What is behind the head is whole in memory, and a deleted database makes LevelDB write its memory
 * out and begin another log (`DeleteDatabase` compacts the range, which ends the memtable). So one is
 * made and deleted whenever a host begins. 2 to 4 ms, whatever the size of the others.
 */

const NAME = 'offing-new-log';

/** Chromium and what is made of it. Other browsers keep IndexedDB in SQLite, which ends a torn commit itself. */
const usesLevelDb = (userAgent: string): boolean => userAgent.includes('Chrome/');

/** Never rejects: what it cannot do is left as it was. */
export async function beginNewLog(
  { userAgent = '' }: { readonly userAgent?: string } = navigator,
  factory: IDBFactory = indexedDB,
): Promise<void> {
  if (!usesLevelDb(userAgent)) return;
  try {
    const opened = await ended(factory.open(NAME));
    opened.close();
    await ended(factory.deleteDatabase(NAME));
  } catch {
    // No room, or no storage at all: whoever needs it says so.
  }
}

const ended = <T>(asked: IDBOpenDBRequest & IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    asked.addEventListener('success', () => resolve(asked.result));
    asked.addEventListener('error', () =>
      reject(asked.error ?? new DOMException('It was ended.', 'AbortError')),
    );
  });
