/**
 * A draft bound to a text field. It is saved when typing pauses, when the field is left, and when
 * the page is hidden or closed: whatever ends the editing, what was typed is written.
 */
import { useEffect, useRef, useState } from 'preact/hooks';
import * as drafts from './draft.ts';

/** Long enough that a word is one write, short enough that a crash costs no sentence. */
const PAUSE_MS = 800;

export interface DraftField {
  readonly text: string;
  readonly theirs: string | null;
  type(text: string): void;
  /** Writes what was typed, now. */
  flush(): void;
  revert(): void;
  takeTheirs(): void;
}

interface DraftOptions {
  readonly value: string;
  /** False if it could not be written. */
  readonly save: (text: string) => Promise<boolean>;
}

export function useDraft({ value, save }: DraftOptions): DraftField {
  const draft = useRef(drafts.openDraft(value));
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const latestSave = useRef(save);
  latestSave.current = save;
  const [, render] = useState({});

  const change = (next: drafts.Draft) => {
    if (next === draft.current) return;
    draft.current = next;
    render({});
  };
  const flush = () => {
    clearTimeout(timer.current);
    const text = drafts.toSave(draft.current);
    if (text === null) return;
    draft.current = drafts.saving(draft.current, text);
    void latestSave.current(text).then((isSaved) => {
      if (!isSaved) draft.current = drafts.notSaved(draft.current, text);
    });
  };

  useEffect(() => change(drafts.outside(draft.current, value)), [value]);
  useEffect(() => {
    const onHide = () => {
      if (document.visibilityState === 'hidden') flush();
    };
    addEventListener('pagehide', flush);
    document.addEventListener('visibilitychange', onHide);
    return () => {
      removeEventListener('pagehide', flush);
      document.removeEventListener('visibilitychange', onHide);
      // The row may have gone from under the field: what was typed is saved all the same.
      flush();
    };
  }, []);

  return {
    text: draft.current.text,
    theirs: draft.current.theirs,
    type(text) {
      change(drafts.typed(draft.current, text));
      clearTimeout(timer.current);
      timer.current = setTimeout(() => {
        if (drafts.mayAutosave(draft.current)) flush();
      }, PAUSE_MS);
    },
    flush,
    revert: () => change(drafts.reverted(draft.current)),
    takeTheirs: () => change(drafts.tookTheirs(draft.current)),
  };
}
