/** The frame: lists on the side or alone, the open list beside them, sheets and messages over both. */
import { useEffect, useRef } from 'preact/hooks';
import { AttentionSheet } from './attention/attention-sheet.tsx';
import { ConnectSheet } from './connect/connect-sheet.tsx';
import { db, type List } from './db.ts';
import { HelpSheet } from './help/help-sheet.tsx';
import { DeletedListsSheet } from './lists/deleted-lists.tsx';
import { FirstRun } from './lists/first-run.tsx';
import { ListScreen } from './items/list-screen.tsx';
import { ListsScreen } from './lists/lists-screen.tsx';
import { MissingList } from './lists/missing-list.tsx';
import { useGoneLists } from './lists/use-gone-lists.ts';
import { useLists } from './lists/use-lists.ts';
import { route as currentRoute } from './router.ts';
import { sheet } from './sheets.ts';
import { StartFaultNote } from './start/start-fault.tsx';
import { useStartFault } from './start/start.ts';
import { Banners } from './status/banners.tsx';
import { Coming } from './status/coming.tsx';
import { StatusSheet } from './status/status-sheet.tsx';
import { TopBar } from './top-bar.tsx';
import { ExportSheet } from './transfer/export-sheet.tsx';
import { ImportSheet } from './transfer/import-sheet.tsx';
import { Announcer } from './ui/announcer.tsx';
import { useMedia, WIDE } from './ui/use-media.ts';
import { MenuHost } from './ui/menu.tsx';
import { useObserved } from './ui/store.ts';
import { Toasts } from './ui/toasts.tsx';

export function App() {
  const route = useObserved(currentRoute);
  const lists = useLists();
  const { phase, filling } = useObserved(db.status);
  const fault = useStartFault();
  const isFilling = phase === 'bootstrapping' || filling !== null;
  const isWide = useMedia(WIDE);
  const isKnown = lists !== undefined && phase !== 'starting';
  const welcome = !isKnown || lists.length > 0 ? 'none' : isFilling ? 'filling' : 'first-run';
  const openId = route.name === 'list' ? route.id : null;
  const note = fault && lists?.length === 0 ? <StartFaultNote fault={fault} /> : null;
  const isNoteInMain = isWide || openId !== null;
  useEffect(() => {
    if (openId === null) document.title = 'Offing Lists';
  }, [openId]);
  useFocusOfView(openId);
  useGoneLists(lists);
  return (
    <div class="app" data-view={route.name}>
      <TopBar route={route} />
      <Banners hasLists={lists !== undefined && lists.length > 0} />
      <div class="panes">
        <nav class="lists-pane" aria-label="Lists">
          {note && !isNoteInMain ? (
            note
          ) : (
            <ListsScreen
              known={lists}
              openId={openId}
              coming={filling?.spaces}
              welcome={isWide || note ? 'none' : welcome}
            />
          )}
        </nav>
        <main class="list-pane">
          {note && isNoteInMain ? (
            note
          ) : isWide && openId === null && welcome === 'first-run' ? (
            <FirstRun />
          ) : (
            <OpenList lists={lists} openId={openId} isFilling={isFilling} />
          )}
        </main>
      </div>
      <p id="move-hint" hidden>
        Drag, or press Alt and an arrow key, to move it.
      </p>
      <OpenSheet lists={lists ?? []} />
      <MenuHost />
      <Toasts />
      <Announcer />
    </div>
  );
}

/** When the view changes under the focus, it goes to what was opened, or to where it came from. */
function useFocusOfView(openId: string | null): void {
  const before = useRef(openId);
  useEffect(() => {
    const leftId = before.current;
    before.current = openId;
    if (leftId === openId) return;
    const active = document.activeElement;
    const isLost = !active || active === document.body || !active.checkVisibility();
    if (!isLost) return;
    const left = `.list-row[data-id="${CSS.escape(leftId ?? '')}"] .list-link`;
    document.querySelector<HTMLElement>(openId === null ? left : '.list-screen')?.focus();
  }, [openId]);
}

interface OpenListProps {
  readonly lists: readonly List[] | undefined;
  readonly openId: string | null;
  readonly isFilling: boolean;
}

function OpenList({ lists, openId, isFilling }: OpenListProps) {
  const list = lists?.find(({ id }) => id === openId);
  if (list) {
    const otherLists = lists?.filter((other) => other !== list) ?? [];
    return <ListScreen key={list.id} list={list} otherLists={otherLists} />;
  }
  if (!lists) return null;
  if (openId === null) {
    if (lists.length > 0) return <p class="empty-pane">Choose a list.</p>;
    return <Coming what="lists" class="empty-pane" />;
  }
  return <MissingList id={openId} isFilling={isFilling} />;
}

function OpenSheet({ lists }: { lists: readonly List[] }) {
  const open = useObserved(sheet);
  switch (open?.name) {
    case 'status':
      return <StatusSheet />;
    case 'connect':
      return <ConnectSheet />;
    case 'attention':
      return <AttentionSheet about={open.about ?? null} />;
    case 'deleted-lists':
      return <DeletedListsSheet />;
    case 'help':
      return <HelpSheet />;
    case 'import':
      return <ImportSheet file={open.file} />;
    case 'export':
      return <ExportSheet lists={lists} listId={open.listId} />;
    case undefined:
      return null;
  }
}
