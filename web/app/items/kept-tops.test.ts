import { describe, expect, it } from 'vitest';
import { topsIn, withTop } from './kept-tops.ts';

const idsOf = (text: string, list: string) => topsIn(text).find((top) => top.list === list)?.ids;

describe('the tops of long lists', () => {
  it('[AP42] are kept by list, the last that was open first', () => {
    const text = withTop(withTop('', { list: 'a', ids: ['1', '2'] }), { list: 'b', ids: ['3'] });
    expect(topsIn(text)).toEqual([
      { list: 'b', ids: ['3'] },
      { list: 'a', ids: ['1', '2'] },
    ]);
    expect(topsIn(withTop(text, { list: 'a', ids: ['2'] }))).toEqual([
      { list: 'a', ids: ['2'] },
      { list: 'b', ids: ['3'] },
    ]);
  });

  it('[AP42] are kept of a list no more that is not long any more', () => {
    const text = withTop(withTop('', { list: 'a', ids: ['1'] }), { list: 'b', ids: ['2'] });
    expect(withTop(text, { list: 'b', ids: [] })).toBe(withTop('', { list: 'a', ids: ['1'] }));
    expect(withTop(withTop('', { list: 'a', ids: ['1'] }), { list: 'a', ids: [] })).toBe('');
  });

  it('[AP42] take no more room, however many lists there are', () => {
    let text = '';
    for (let i = 0; i < 100; i++) text = withTop(text, { list: `list-${i}`, ids: ['1'] });
    expect(topsIn(text).length).toBeLessThan(10);
    expect(idsOf(text, 'list-99')).toEqual(['1']);
  });

  it('[AP42] are none in what somebody else may have left there', () => {
    for (const text of ['', '\n', '   ', '{"a":1}', 'list']) expect(topsIn(text)).toEqual([]);
  });
});
