/**
 * A check holds one statement of the protocol against a server, by asking over HTTP alone. Each
 * works in spaces and with actors of its own, so that checks run in any order and leave what is
 * there as it was.
 */
import { createProbe } from './probe.ts';
import type { Probe, Target } from './probe.ts';
import { Disagreement } from './agree.ts';

/** What a check needs beside the address and a token that may write. */
export const NEEDS = {
  other: 'a token of another account (--token2)',
  readOnly: 'a read-only token of the same account (--read-only)',
  revoked: 'a token that was revoked (--revoked)',
  oneSpace: 'a token of the same account for one space alone (--one-space)',
} as const;
export type Need = keyof typeof NEEDS;

export interface Check {
  /** The heading in docs/protocol-spec.md. */
  readonly section: string;
  /** What has to hold, in a line of its own; names the check. */
  readonly name: string;
  /** The sentences that it is about, each by some words of it as they stand there. */
  readonly says: readonly string[];
  /** The promises of spec/RULES.md that it proves. */
  readonly rules: readonly string[];
  readonly needs?: readonly Need[];
  run(probe: Probe): Promise<void>;
}

export type Verdict =
  | { readonly kind: 'held' }
  | { readonly kind: 'broken'; readonly why: string }
  | { readonly kind: 'not-run'; readonly needs: string };

/** Holds one statement against the server. Never throws: whatever goes wrong is the verdict. */
export async function runCheck(check: Check, target: Target): Promise<Verdict> {
  const missing = (check.needs ?? []).find((need) => target.tokens?.[need] === undefined);
  if (missing) return { kind: 'not-run', needs: NEEDS[missing] };
  try {
    await check.run(createProbe(target));
    return { kind: 'held' };
  } catch (error) {
    if (error instanceof Unreachable) return { kind: 'not-run', needs: error.message };
    return { kind: 'broken', why: whyOf(error) };
  }
}

/** What this server does not let anyone get to, such as a limit of gigabytes. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

function whyOf(error: unknown): string {
  if (error instanceof Disagreement) return error.message;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : null;
  return `no answer: ${String(error)}${cause ? ` (${cause.message})` : ''}`;
}
