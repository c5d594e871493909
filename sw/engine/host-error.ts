/** What the host answers when it does not do what a page asked: matched by `code`. */
import type { HostErrorCode } from '../../core/index.ts';

export class HostError extends Error {
  override readonly name = 'HostError';
  readonly code: HostErrorCode;
  constructor(code: HostErrorCode, detail: string) {
    super(detail);
    this.code = code;
  }
}
