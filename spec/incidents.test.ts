/** docs/incidents.md: every incident has rules that are there and kept, or a reason for none. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseIncidents, unanswered } from './support/incidents.ts';
import { parseRules } from './support/rules.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');

describe('what happened to others', () => {
  it('has an answer here, row for row', () => {
    const incidents = parseIncidents(read('../docs/incidents.md'));
    expect(incidents.length).toBeGreaterThan(100);
    expect(unanswered(incidents, parseRules(read('RULES.md'), read('OWED.md')))).toEqual([]);
  });
});

describe('a row without an answer is caught', () => {
  const rules = parseRules('**FO1** folds once\n', '**FO2** later\n');
  const faultsOf = (...answers: string[]) => {
    const rows = answers.map((answer, i) => `| peer#${i} | lost | ${answer} |\n`);
    return unanswered(
      parseIncidents(`| where | what | rules |\n| --- | --- | --- |\n${rows.join('')}`),
      rules,
    );
  };

  it.each([
    ['FO1'],
    ['later (FO2): snapshots are not built'],
    ['not here: there is no such thing'],
  ])('and one with it is not: %s', (answer) => expect(faultsOf(answer)).toEqual([]));

  it.each([
    ['FO1 FO9', 'no rule FO9'],
    ['FO2', 'FO2 is owed: nothing keeps it from happening'],
    ['later (FO1): snapshots are not built', 'FO1 is not owed any more: answer it'],
    ['later', 'no rule later'],
    ['', 'has an empty cell'],
    ['', 'has no answer'],
  ])('%j: %s', (answer, fault) => expect(faultsOf(answer)).toContain(`peer#0: ${fault}`));

  it('and one that stands twice', () => {
    const incidents = parseIncidents('| peer#1 | lost | FO1 |\n| peer#1 | again | FO1 |\n');
    expect(unanswered(incidents, rules)).toEqual(['peer#1: stands twice']);
  });
});
