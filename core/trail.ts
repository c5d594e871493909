/**
 * Where a replica has stood: some seqs of its log with the digest that it had there. Where a server
 * has another history and does not say from where on, they tell how far both are one.
 */
import { asSeq, type Seq } from './ids.ts';

export interface Step {
  readonly seq: Seq;
  readonly digest: string;
}

/** In the order of seqs. */
export type Trail = readonly Step[];

/** Enough for some at every order of magnitude. */
const MOST_STEPS = 24;

/** The trail with another step at its end: near it they lie close, and ever further apart behind. */
export function withStep(trail: Trail, step: Step): Trail {
  if (step.seq <= (trail.at(-1)?.seq ?? 0)) return trail;
  const longer = [...trail, step];
  if (longer.length <= MOST_STEPS) return longer;
  const least = leastTelling(longer, step.seq);
  return longer.filter((_, i) => i !== least);
}

/** The place, never the last, that leaves the smallest gap when it goes, measured by its distance from the end. */
function leastTelling(trail: Trail, end: Seq): number {
  const gapAt = (i: number): number => {
    const [before, at, after] = [
      trail[i - 1]?.seq ?? 0,
      trail[i]?.seq ?? 0,
      trail[i + 1]?.seq ?? 0,
    ];
    return (after - before) / (end - at + 1);
  };
  const places = [...trail.keys()].slice(0, -1);
  return places.reduce((least, i) => (gapAt(i) < gapAt(least) ? i : least), 0);
}

/** The last step that the other log has too; `digestAt` has its digests at these seqs, as far as they are known. */
export function lastCommon(trail: Trail, digestAt: ReadonlyMap<Seq, string>): Seq {
  const common = trail.findLast(({ seq, digest }) => digestAt.get(seq) === digest);
  return common?.seq ?? asSeq(0);
}

/** The trail as far as it is the other log's too. */
export const throughSeq = (trail: Trail, seq: Seq): Trail =>
  trail.filter((step) => step.seq <= seq);
