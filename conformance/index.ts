/** The suite's one door: every check, and how one is held against a server. */
import { answerChecks } from './checks/answers.ts';
import { bootstrapChecks } from './checks/bootstrap.ts';
import { digestChecks } from './checks/digest.ts';
import { errorChecks } from './checks/errors.ts';
import { eventChecks } from './checks/events.ts';
import { fenceChecks } from './checks/fences.ts';
import { limitChecks } from './checks/limits.ts';
import { opChecks } from './checks/ops.ts';
import { pullChecks } from './checks/pull.ts';
import { pushAnswerChecks } from './checks/push-answer.ts';
import { pushChecks } from './checks/push.ts';
import { requestChecks } from './checks/requests.ts';
import { spaceChecks } from './checks/spaces.ts';
import { verdictChecks } from './checks/verdicts.ts';
import type { Check } from './check.ts';

export { NEEDS, runCheck } from './check.ts';
export type { Check, Need, Verdict } from './check.ts';
export type { Target } from './probe.ts';
export { UNCHECKED } from './unchecked.ts';
export type { Unchecked } from './unchecked.ts';

const all: readonly Check[] = [
  ...requestChecks,
  ...errorChecks,
  ...opChecks,
  ...digestChecks,
  ...pushChecks,
  ...pushAnswerChecks,
  ...verdictChecks,
  ...fenceChecks,
  ...pullChecks,
  ...bootstrapChecks,
  ...eventChecks,
  ...spaceChecks,
  ...limitChecks,
  ...answerChecks,
];

/** By the sections of the protocol's page, in its order. */
export const CHECKS: readonly Check[] = [...new Set(all.map(({ section }) => section))].flatMap(
  (section) => all.filter((check) => check.section === section),
);
