/** How much there is of everything: cheap enough to be asked for each minute. */
import type Database from 'better-sqlite3';

export interface StoreFigures {
  /** Not deleted. */
  readonly spaces: number;
  /** In all logs, from their horizon on. */
  readonly ops: number;
  /** Of the database file, without what waits to be written into it. */
  readonly bytes: number;
}

export function createFigures(db: Database.Database): () => StoreFigures {
  const counted = db.prepare<[], Pick<StoreFigures, 'spaces' | 'ops'>>(
    'SELECT count(*) AS spaces, coalesce(sum(head - horizon), 0) AS ops FROM space WHERE deleted_at IS NULL',
  );
  const pages = db.prepare<[], number>('PRAGMA page_count').pluck();
  const pageBytes = db.prepare<[], number>('PRAGMA page_size').pluck();
  return () => ({
    ...(counted.get() ?? { spaces: 0, ops: 0 }),
    bytes: (pages.get() ?? 0) * (pageBytes.get() ?? 0),
  });
}
