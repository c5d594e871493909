/** Any text into lists: says which format it takes it for, unless the person has said so. */
import type { Parsed } from './model.ts';
import { parseJson } from './parse-json.ts';
import { parseLines } from './parse-lines.ts';
import { parseMarkdown } from './parse-markdown.ts';

export type ImportFormat = 'markdown' | 'lines' | 'json';

const MARKDOWN_LINE = /^\s*(?:#{1,6}\s+\S|[-*+]\s+\S|\d{1,9}[.)]\s+\S|\[[ xX]\]\s)/m;

export function detectFormat(text: string, fileName: string | null): ImportFormat {
  const extension = fileName?.toLowerCase().match(/\.(\w+)$/)?.[1];
  if (extension === 'json') return 'json';
  if (extension === 'md' || extension === 'markdown') return 'markdown';
  if (/^\uFEFF?\s*(?:\{|\[\s*[{"]|\[\s*\]\s*$)/.test(text)) return 'json';
  return MARKDOWN_LINE.test(text) ? 'markdown' : 'lines';
}

export interface ImportOptions {
  readonly format: ImportFormat;
  readonly title: string;
  readonly firstLineIsTitle: boolean;
}

/** Throws UnreadableImport where the text is not what it was taken for. */
export function readImport(text: string, options: ImportOptions): Parsed {
  switch (options.format) {
    case 'json':
      return parseJson(text, options.title);
    case 'lines':
      return parseLines(text, options);
    case 'markdown':
      return parseMarkdown(text, options.title);
  }
}

/** `Groceries.md` names the list Groceries. */
export const titleOfFile = (fileName: string): string => fileName.replace(/\.\w{1,8}$/, '').trim();
