import { describe, expect, it } from 'vitest';
import {
  notSaved,
  openDraft,
  outside,
  reverted,
  saving,
  tookTheirs,
  toSave,
  typed,
} from './draft.ts';

describe('a draft', () => {
  it('that was only opened follows the field and is never written', () => {
    const draft = outside(openDraft('Tent'), 'Big tent');
    expect(draft.text).toBe('Big tent');
    expect(toSave(draft)).toBeNull();
  });

  it('keeps what was typed, and knows what the other one wrote', () => {
    const draft = outside(typed(openDraft('Tent'), 'Tent, blue'), 'Tent, red');
    expect(draft).toMatchObject({ text: 'Tent, blue', theirs: 'Tent, red' });
    expect(toSave(draft)).toBe('Tent, blue');
    const saved = outside(saving(draft, 'Tent, blue'), 'Tent, blue');
    expect(saved.theirs).toBe('Tent, red');
    expect(tookTheirs(saved)).toMatchObject({ text: 'Tent, red' });
    expect(toSave(tookTheirs(saved))).toBe('Tent, red');
    expect(tookTheirs(draft)).toMatchObject({ text: 'Tent, red', theirs: null });
    expect(reverted(draft).text).toBe('Tent, red');
  });

  it('does not take its own savings, which come back late, for those of another one', () => {
    let draft = saving(typed(openDraft('T'), 'Te'), 'Te');
    draft = saving(typed(draft, 'Ten'), 'Ten');
    draft = typed(draft, 'Tent');
    for (const echo of ['T', 'Te', 'Ten']) {
      draft = outside(draft, echo);
      expect(draft).toMatchObject({ text: 'Tent', theirs: null });
    }
  });

  it('that was typed back to what is there writes nothing', () => {
    expect(toSave(typed(typed(openDraft('a'), 'ab'), 'a'))).toBeNull();
  });

  it('whose saving failed is unsaved again', () => {
    const draft = notSaved(saving(typed(openDraft('a'), 'ab'), 'ab'), 'ab');
    expect(toSave(draft)).toBe('ab');
  });

  it('given up writes the old text back over what was saved on the way', () => {
    const draft = reverted(saving(typed(openDraft('Tent'), 'Te'), 'Te'));
    expect(toSave(draft)).toBe('Tent');
    expect(toSave(reverted(typed(openDraft('Tent'), 'Te')))).toBeNull();
  });
});
