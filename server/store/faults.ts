/** What can be wrong with a database, as types: callers match these, never a message. */

/** What keeps a database from being written, and is not its contents. Nothing was written. */
export class StorageFault extends Error {}

/** The disk, or the database's own limit, is full. */
export class StorageFullError extends StorageFault {
  override readonly name = 'StorageFullError';
}

/** Somebody else held the database for too long; later it may work. */
export class StorageBusyError extends StorageFault {
  override readonly name = 'StorageBusyError';
}

/** Its pages are not what SQLite wrote. */
export class DamagedDatabaseError extends Error {
  override readonly name = 'DamagedDatabaseError';
  /** In SQLite's words. */
  readonly why: string;

  constructor(file: string, why: string, options?: ErrorOptions) {
    super(`${file} is damaged (${why}): restore a backup (offing restore).`, options);
    this.why = why;
  }
}

/** The system does not let it be opened, read or written. */
export class StorageRefusedError extends StorageFault {
  override readonly name = 'StorageRefusedError';

  /** `what` the file cannot be; `code`: the system's, or SQLite's. */
  constructor(file: string, what: string, code: string, options?: ErrorOptions) {
    super(`${file} ${what}: this user may lack the permission (${code}).`, options);
  }
}

/** The disk gives an error at reading or writing. */
export class StorageFailingError extends StorageFault {
  override readonly name = 'StorageFailingError';

  constructor(file: string, code: string, options?: ErrorOptions) {
    super(
      `${file} cannot be read or written: the disk may be failing, or full (${code}).`,
      options,
    );
  }
}

/** The database was written by a later version of Offing than this one. */
export class DatabaseFromFutureError extends Error {
  override readonly name = 'DatabaseFromFutureError';
  readonly found: number;
  readonly known: number;

  constructor(file: string, found: number, known: number) {
    super(
      `${file} has schema version ${found}, and this Offing knows versions up to ${known}. ` +
        'It was written by a later Offing: install that one. Nothing was changed.',
    );
    this.found = found;
    this.known = known;
  }
}

/** The file is a database, but not one of ours. */
export class ForeignDatabaseError extends Error {
  override readonly name = 'ForeignDatabaseError';

  constructor(file: string) {
    super(`${file} is not a database of Offing. Nothing was changed.`);
  }
}

/** A log that contradicts itself is not served: it would be folded into every device. */
export class BrokenLogError extends Error {
  override readonly name = 'BrokenLogError';
}

/** Nobody reaches a space: no row there can name an account, and none of the server's own is added. */
export class OwnerlessSpaceError extends Error {
  override readonly name = 'OwnerlessSpaceError';

  constructor(space: string) {
    super(`space ${space} has no owner: nothing of its log is dropped`);
  }
}

/** A snapshot is not what it was when it was made. */
export class DamagedSnapshotError extends Error {
  override readonly name = 'DamagedSnapshotError';
  readonly snapshot: number;

  constructor(snapshot: number) {
    super(`Snapshot ${snapshot} is damaged: it is made again.`);
    this.snapshot = snapshot;
  }
}

/** A newer snapshot has taken its place. */
export class SnapshotGoneError extends Error {
  override readonly name = 'SnapshotGoneError';
}

/** A backup is not what it was when it was made. Nothing was changed. */
export class DamagedBackupError extends Error {
  override readonly name = 'DamagedBackupError';
  readonly why: string;

  /** `older`: a backup that may be taken in its place. */
  constructor(file: string, why: string, options: ErrorOptions & { older?: string } = {}) {
    const instead = options.older === undefined ? '' : ` The next older one is ${options.older}.`;
    super(`${file} is damaged: ${why}. Nothing was changed.${instead}`, options);
    this.why = why;
  }
}

/** An archive is not what it was when it was made, or none. Nothing was imported. */
export class DamagedArchiveError extends Error {
  override readonly name = 'DamagedArchiveError';
  readonly why: string;

  constructor(file: string, why: string, options?: ErrorOptions) {
    super(`${file} is no whole archive: ${why}. Nothing was imported.`, options);
    this.why = why;
  }
}

/** The archive was written by a later version of Offing than this one. */
export class ArchiveFromFutureError extends Error {
  override readonly name = 'ArchiveFromFutureError';

  constructor(file: string, found: number, known: number) {
    super(
      `${file} is an archive of version ${found}, and this Offing knows versions up to ${known}. ` +
        'It was written by a later Offing: install that one. Nothing was imported.',
    );
  }
}

/** The database is of an earlier version, and no server of this one has opened it yet. */
export class DatabaseNotMigratedError extends Error {
  override readonly name = 'DatabaseNotMigratedError';
  /** 0: it is only just being made. */
  readonly found: number;

  constructor(file: string, found: number, needed: number) {
    super(
      `${file} has schema version ${found}, and version ${needed} is needed: start this Offing's ` +
        'server on it once, which brings it up to date.',
    );
    this.found = found;
  }
}

/** There is something in the data directory that a whole server was to be made in. */
export class DataNotEmptyError extends Error {
  override readonly name = 'DataNotEmptyError';

  constructor(data: string, found: string) {
    super(`There is something in ${data} already: ${found}. Nothing was imported.`);
  }
}

/** The mark beside it knows of ops, and the database has none or is not there. */
export class LostDatabaseError extends Error {
  override readonly name = 'LostDatabaseError';

  constructor(file: string, n: number, mark: string) {
    super(
      `${file} is empty or gone, and the mark beside it knows of op ${n}: restore a backup ` +
        `(offing restore), or delete ${mark} to begin anew.`,
    );
  }
}

/** Another process serves from this data directory. */
export class DataInUseError extends Error {
  override readonly name = 'DataInUseError';

  constructor(data: string) {
    super(`Another Offing is serving from ${data}. One process per data directory.`);
  }
}
