/** The wire's limits (docs/protocol-spec.md, "Limits"): what a server announces unless it is configured otherwise. */
import { utf8Length } from './json.ts';

export interface Limits {
  /** Ops of one space in one request. */
  readonly opsPerSpace: number;
  /** Bytes of UTF-8 of one payload. */
  readonly payloadBytes: number;
  /** Bytes of a request body after decompression. */
  readonly bodyBytes: number;
  /** Levels of nesting of a request body. */
  readonly jsonDepth: number;
  readonly spacesPerRequest: number;
  /** Ops of one space in one answer. */
  readonly opsPerAnswer: number;
  /** Bytes of payload of one space in one answer. */
  readonly answerBytes: number;
}

export const DEFAULT_LIMITS: Limits = {
  opsPerSpace: 500,
  payloadBytes: 64 * 1024,
  bodyBytes: 2 * 1024 * 1024,
  jsonDepth: 8,
  spacesPerRequest: 1000,
  opsPerAnswer: 1000,
  answerBytes: 2 * 1024 * 1024,
};

export const isTooLarge = (payload: string, limits: Limits): boolean =>
  payload.length > limits.payloadBytes || utf8Length(payload) > limits.payloadBytes;
