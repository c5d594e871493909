/** The protocol's page against the suite: no sentence is without a check or a reason for none. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { CHECKS, UNCHECKED } from '../../conformance/index.ts';
import { parseRules } from '../support/rules.ts';
import { plain, sentencesOf } from './sentences.ts';

const read = (path: string) => readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8');
const sentences = sentencesOf(read('../../docs/protocol-spec.md'));

const quotes = [
  ...CHECKS.flatMap(({ section, says }) => says.map((words) => ({ section, words }))),
  ...UNCHECKED.flatMap(({ section, says }) => (says ? [{ section, words: says }] : [])),
];
const wholeSections = new Set(UNCHECKED.filter(({ says }) => !says).map(({ section }) => section));

const isIn = (text: string, words: string) => text.includes(plain(words));

describe('the conformance suite', () => {
  it('[WI23] has a check for each sentence of the protocol, or says why it has none', () => {
    const missing = sentences.filter(
      ({ section, text }) =>
        !wholeSections.has(section) &&
        !quotes.some((quote) => quote.section === section && isIn(text, quote.words)),
    );
    expect(missing.map(({ section, text }) => `${section}: ${text}`)).toEqual([]);
  });

  it('[WI23] quotes what the protocol says, where it says it', () => {
    const wrong = quotes.filter(
      ({ section, words }) =>
        !sentences.some((sentence) => sentence.section === section && isIn(sentence.text, words)),
    );
    expect(wrong).toEqual([]);
    const headings = new Set(sentences.map(({ section }) => section));
    expect([...wholeSections].filter((section) => !headings.has(section))).toEqual([]);
  });

  it('[WI23] names each check once, and quotes rules that there are', () => {
    const names = CHECKS.map(({ section, name }) => `${section}: ${name}`);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
    const built = new Set(parseRules(read('../RULES.md')).map(({ id }) => id));
    expect(CHECKS.flatMap(({ rules }) => rules).filter((rule) => !built.has(rule))).toEqual([]);
  });

  it('gives a reason for each sentence that is owed or not seen', () => {
    const silent = UNCHECKED.filter(
      ({ why, because }) => why === 'not seen from outside' && !because,
    );
    expect(silent).toEqual([]);
  });
});
