/** Which sheet is open over the page; one at a time. */
import { createStore } from './ui/store.ts';

export type OpenSheet =
  | { readonly name: 'status' | 'connect' | 'help' | 'deleted-lists' }
  /** Opened at what is about this record, if any. */
  | { readonly name: 'attention'; readonly about?: string }
  | { readonly name: 'import'; readonly file?: File }
  | { readonly name: 'export'; readonly listId: string | null };

export const sheet = createStore<OpenSheet | null>(null);

export const openSheet = (open: OpenSheet): void => sheet.set(open);
export const closeSheet = (): void => sheet.set(null);
