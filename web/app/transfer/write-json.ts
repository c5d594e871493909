/** Lists as JSON that `parseJson` reads back as they were. */
import type { TransferList } from './model.ts';

export const JSON_FORMAT = 'offing-lists';
/**
 * History of the export:
 * - 1: the first.
 */
export const JSON_VERSION = 1;

export function writeJson(lists: readonly TransferList[]): string {
  return `${JSON.stringify({ format: JSON_FORMAT, version: JSON_VERSION, lists }, null, 2)}\n`;
}
