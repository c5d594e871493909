/** One item: its box, its text, its menu. Renders again only when something of its own has changed. */
import type { Item } from '../db.ts';
import { openSheet } from '../sheets.ts';
import { LinkIcon } from '../ui/icons.tsx';
import { memo } from '../ui/memo.ts';
import { setDone } from './item-actions.ts';
import { ItemEditor } from './item-editor.tsx';
import { safeLink } from './links.ts';

/** The same object for as long as the list is open. */
export interface RowActions {
  edit(id: string): void;
  /** The editor is done; the focus goes back to the row unless it went elsewhere already. */
  closeEditor(id: string, takeFocusBack: boolean): void;
  openMenu(id: string, anchor: Element): void;
  openCopies(id: string, anchor: Element): void;
}

export interface ItemRowProps {
  readonly item: Item;
  readonly depth: number;
  /** Which it is of how many, where not all rows of its list are in the page to be counted. */
  readonly placeAt: number | undefined;
  readonly placeOf: number | undefined;
  /** Only one row of a list is in the way of the Tab key; arrows lead to the others. */
  readonly isCurrent: boolean;
  readonly isEditing: boolean;
  /** Its fields that two wrote at once, in words; empty where there is nothing to decide. */
  readonly disputed: string;
  /** The other lists it stands in, in words; empty where it stands in this one alone. */
  readonly copiesIn: string;
  readonly actions: RowActions;
}

export const ItemRow = memo(function ItemRow(props: ItemRowProps) {
  const { item, depth, isEditing } = props;
  const done = item.done ? ' is-done' : '';
  const isMarked = props.disputed !== '' || props.copiesIn !== '';
  const marked = isMarked ? ' is-marked' : '';
  return (
    <li
      class={`item depth-${depth}${done}${marked}`}
      data-id={item.id}
      data-testid="item"
      aria-posinset={props.placeAt}
      aria-setsize={props.placeOf}
    >
      <Handle {...props} />
      <Box {...props} />
      {isEditing ? <ItemEditor {...props} /> : <Text {...props} />}
      {props.disputed && <DisputeMark {...props} />}
      {props.copiesIn && <CopiesMark {...props} />}
    </li>
  );
});

const tabStop = (isCurrent: boolean): number => (isCurrent ? 0 : -1);

function Handle({ item, isCurrent }: ItemRowProps) {
  return (
    <button
      type="button"
      class="handle"
      data-part="handle"
      tabIndex={tabStop(isCurrent)}
      aria-label={`Move ${item.title}`}
      aria-describedby="move-hint"
    />
  );
}

function Box({ item, isCurrent }: ItemRowProps) {
  const check = async (box: HTMLInputElement) => {
    if (!(await setDone(item, box.checked))) box.checked = item.done;
  };
  return (
    <label class="box">
      <input
        type="checkbox"
        data-part="box"
        tabIndex={tabStop(isCurrent)}
        aria-label={item.title}
        checked={item.done}
        onChange={(event) => void check(event.currentTarget)}
      />
    </label>
  );
}

function Text({ item, isCurrent, actions }: ItemRowProps) {
  const link = safeLink(item.url);
  return (
    <>
      <button
        type="button"
        class="item-text"
        data-part="text"
        tabIndex={tabStop(isCurrent)}
        onClick={() => actions.edit(item.id)}
      >
        <span class="item-title" data-testid="item-title">
          {item.title}
        </span>
        {item.note && (
          <span class="item-note" data-testid="item-note">
            {item.note}
          </span>
        )}
      </button>
      {link && (
        <a
          class="icon-button item-link"
          data-part="link"
          tabIndex={tabStop(isCurrent)}
          href={link.href}
          target="_blank"
          rel="noopener noreferrer"
          aria-label={`Open ${link.label}`}
          title={link.label}
        >
          <LinkIcon />
        </a>
      )}
      <button
        type="button"
        class="icon-button more"
        data-part="menu"
        tabIndex={tabStop(isCurrent)}
        aria-haspopup="menu"
        aria-label={`Actions for ${item.title}`}
        onClick={(event) => actions.openMenu(item.id, event.currentTarget)}
      />
    </>
  );
}

/** Two wrote the same field at once, and nobody has decided yet. */
function DisputeMark({ item, isCurrent, disputed }: ItemRowProps) {
  return (
    <button
      type="button"
      class="item-mark"
      data-part="dispute"
      data-testid="dispute-mark"
      tabIndex={tabStop(isCurrent)}
      aria-haspopup="dialog"
      onClick={() => openSheet({ name: 'attention', about: item.id })}
    >
      Two versions of its {disputed}…
    </button>
  );
}

/** It was moved to two lists at once, or edited in one while it was moved to another. */
function CopiesMark({ item, isCurrent, copiesIn, actions }: ItemRowProps) {
  return (
    <button
      type="button"
      class="item-mark"
      data-part="copies"
      data-testid="copies-mark"
      tabIndex={tabStop(isCurrent)}
      aria-haspopup="menu"
      onClick={(event) => actions.openCopies(item.id, event.currentTarget)}
    >
      Also in {copiesIn}
    </button>
  );
}
