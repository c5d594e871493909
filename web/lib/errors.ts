/** What goes wrong, as one class. Told apart by `code`, never by the message. */
import type { HostErrorCode } from '../../core/index.ts';

/** Errors found on the page, before the host is asked. */
export type PageErrorCode =
  /** The schema cannot be kept: a reserved or malformed name, an unknown collection. */
  | 'bad_schema'
  /** A batch is one op, and an op lies in one space. */
  | 'batch_spans_spaces'
  /** Tables are the engine's to write: use the collection's own methods. */
  | 'read_only'
  /** After `close()`. */
  | 'closed';

/** The host's codes, the page's own, and those that a server refuses an op with. */
export type OffingErrorCode = HostErrorCode | PageErrorCode | (string & {});

export class OffingError extends Error {
  override readonly name = 'OffingError';
  readonly code: OffingErrorCode;

  constructor(code: OffingErrorCode, detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.code = code;
  }
}
