/** A database that is opened at its first use, and again after it was closed or could not be opened. */

interface Handlers {
  readonly blocking: () => void;
  readonly terminated: () => void;
}

export function keptOpen<Db extends { close(): void }>(
  open: (handlers: Handlers) => Promise<Db>,
): () => Promise<Db> {
  let db: Promise<Db> | undefined;

  function close(): void {
    const closing = db;
    db = undefined;
    void closing?.then((opened) => opened.close());
  }

  return () => {
    db ??= open({ blocking: close, terminated: close }).catch((error: unknown) => {
      db = undefined;
      throw error;
    });
    return db;
  };
}
