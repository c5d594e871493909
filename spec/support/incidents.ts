/** Reads docs/incidents.md: what happened to others, and the promises that keep it from happening here. */
import type { Rule } from './rules.ts';

/** A row of one of its tables. */
export interface Incident {
  /** Its first cell: where it happened. */
  readonly where: string;
  readonly cells: readonly string[];
  /** Its last cell: ids of rules, or why there are none. */
  readonly answer: string;
}

export function parseIncidents(markdown: string): Incident[] {
  const lines = markdown.split('\n');
  return lines.flatMap((line, i) => {
    const isHead = lines[i + 1]?.startsWith('| --') ?? false;
    if (!line.startsWith('|') || line.startsWith('| --') || isHead) return [];
    const cells = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
    return [{ where: cells[0] ?? '', cells, answer: cells.at(-1) ?? '' }];
  });
}

/** What is not answered, one sentence each. */
export function unanswered(incidents: readonly Incident[], rules: readonly Rule[]): string[] {
  const isOwed = new Map(rules.map(({ id, owed }) => [id, owed]));
  const wheres = incidents.map(({ where }) => where);
  return incidents.flatMap(({ where, cells, answer }, i) => {
    const faults = [
      ...(cells.includes('') ? ['has an empty cell'] : []),
      ...(wheres.indexOf(where) < i ? ['stands twice'] : []),
      ...answerFaults(answer, isOwed),
    ];
    return faults.map((fault) => `${where}: ${fault}`);
  });
}

/** `later (RT1): why`, `not here: why`. */
const NO_RULE = /^(?:later|not here)(?: \(([A-Z]+\d+)\))?: \S.{9,}$/;

function answerFaults(answer: string, isOwed: ReadonlyMap<string, boolean>): string[] {
  const without = NO_RULE.exec(answer);
  if (without) {
    const [, id] = without;
    return id === undefined || isOwed.get(id) ? [] : [`${id} is not owed any more: answer it`];
  }
  const ids = answer.split(' ').filter((id) => id !== '');
  if (ids.length === 0) return ['has no answer'];
  return ids.flatMap((id) => {
    const owed = isOwed.get(id);
    if (owed === undefined) return [`no rule ${id}`];
    return owed ? [`${id} is owed: nothing keeps it from happening`] : [];
  });
}
