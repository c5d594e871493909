/** Says of what is still to be fetched what that waits for. */
import { db } from '../db.ts';
import { useObserved } from '../ui/store.ts';
import { comingWords } from './coming-words.ts';

export function Coming({ what, class: name }: { what: 'lists' | 'list'; class?: string }) {
  const { phase } = useObserved(db.status);
  return (
    <p class={name} data-testid="coming">
      {comingWords(what, phase)}
    </p>
  );
}
