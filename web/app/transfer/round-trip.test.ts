import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shownDepths } from '../items/outline.ts';
import { itemOf, storable, type TransferItem, type TransferList } from './model.ts';
import { parseJson } from './parse-json.ts';
import { parseMarkdown } from './parse-markdown.ts';
import { writeJson } from './write-json.ts';
import { writeMarkdown } from './write-markdown.ts';

/** Anything a keyboard or another program could put there, with much of what Markdown means. */
const text = fc
  .oneof(
    fc.string({ maxLength: 12 }),
    fc.string({ unit: 'binary', maxLength: 8 }),
    fc
      .array(
        fc.oneof(
          fc.constantFrom(...Array.from('\\[]()<>#*-+_`~!&;:|. \t\n\r\u00A0\u2028xX1')),
          fc.constantFrom('- [ ] ', '[a](b)', '&amp;', '&#10;', ' - ', '```', '\n\n', '1. ', '# '),
        ),
        { maxLength: 8 },
      )
      .map((parts) => parts.join('')),
  )
  .map(storable);

const item: fc.Arbitrary<TransferItem> = fc
  .record({
    title: text,
    note: fc.option(text, { nil: undefined }),
    url: fc.option(fc.oneof(fc.webUrl(), text), { nil: undefined }),
    done: fc.boolean(),
    depth: fc.nat(7),
  })
  .map(itemOf);

const list: fc.Arbitrary<TransferList> = fc.record({
  title: text,
  items: fc.array(item, { maxLength: 6 }),
});
const lists = fc.array(list, { maxLength: 4 });

/** Markdown nests by what stands above, as the screen does. */
function asShown({ title, items }: TransferList): TransferList {
  const depths = shownDepths(items);
  return { title, items: items.map((each, i) => ({ ...each, depth: depths[i] ?? 0 })) };
}

describe('what is exported comes back as it was', () => {
  it('as JSON', () => {
    fc.assert(
      fc.property(lists, (all) => {
        expect(parseJson(writeJson(all), 'x').lists).toEqual(all);
      }),
    );
  });

  it('as Markdown, with the nesting that is shown', () => {
    fc.assert(
      fc.property(lists, (all) => {
        const read = parseMarkdown(writeMarkdown(all), 'x');
        expect(read.lists).toEqual(all.map(asShown));
        expect(read.skipped).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});

describe('any text at all', () => {
  it('is read as Markdown without a fault, and no item goes missing', () => {
    fc.assert(
      fc.property(text, (any) => {
        const { lists: read } = parseMarkdown(any, 'x');
        expect(parseMarkdown(writeMarkdown(read), 'x').lists).toEqual(read.map(asShown));
      }),
    );
  });
});
