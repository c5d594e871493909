/** All that waits for the person's word, in one place. */
import { closeSheet } from '../sheets.ts';
import { Sheet } from '../ui/dialog.tsx';
import { useLive } from '../ui/use-live.ts';
import { ChoicesSection } from './choices-section.tsx';
import { readChoices } from './read-choices.ts';
import { FormerSection, readFormer } from './former-section.tsx';
import { readSetAside, SetAsideSection } from './set-aside-section.tsx';
import { useFocusKept } from './use-focus-kept.ts';

/** `about`: the record that it was opened for. */
export function AttentionSheet({ about }: { about: string | null }) {
  const choices = useLive(readChoices, []);
  const aside = useLive(readSetAside, []);
  const former = useLive(readFormer, []);
  const { container, onFocusIn } = useFocusKept(about);
  const isRead = choices && aside && former;
  const isNothing = choices?.length === 0 && aside?.ops.length === 0 && former?.length === 0;
  return (
    <Sheet title="For you to decide" onClose={closeSheet}>
      <div ref={container} class="attention" tabIndex={-1} onFocusIn={onFocusIn}>
        {!isRead && <p>Reading…</p>}
        {isNothing && (
          <p role="status" data-testid="nothing-to-decide">
            Nothing is left to decide. Everything goes its way.
          </p>
        )}
        {former && former.length > 0 && <FormerSection former={former} />}
        {aside && aside.ops.length > 0 && <SetAsideSection {...aside} />}
        {choices && choices.length > 0 && <ChoicesSection groups={choices} />}
      </div>
    </Sheet>
  );
}
