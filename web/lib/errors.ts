/** What goes wrong, as one class. Told apart by `code`, never by the message. */
import type { HostErrorCode } from '../../core/index.ts';

/** Errors found on the page, before the host is asked. */
export type PageErrorCode =
  /** The schema cannot be kept: a reserved or malformed name, an unknown collection. */
  | 'bad_schema'
  /** A batch is one op, and an op lies in one space. */
  | 'batch_spans_spaces'
  /** A value that its field, or a record that its collection, does not take: `issues` says which and why. */
  | 'invalid'
  /** The function of a field that is to settle its conflicts threw, or gave no answer: reported, never rejected. */
  | 'resolver_failed'
  /** Tables are the engine's to write: use the collection's own methods. */
  | 'read_only'
  /** The browser lost what was kept here; whether the write had been sent by then is not known. */
  | 'storage_gone'
  /** After `close()`. */
  | 'closed';

/** The host's codes, the page's own, and those that a server refuses an op with. */
export type OffingErrorCode = HostErrorCode | PageErrorCode | (string & {});

/** What is wrong with a value, and where: collection, field, and the way within it. */
export interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

export class OffingError extends Error {
  override readonly name = 'OffingError';
  readonly code: OffingErrorCode;
  /** Of `invalid`; of all others there are none. */
  readonly issues: readonly Issue[];

  constructor(
    code: OffingErrorCode,
    detail: string,
    { issues = [], ...options }: ErrorOptions & { readonly issues?: readonly Issue[] } = {},
  ) {
    super(detail, options);
    this.code = code;
    this.issues = issues;
  }
}
