/** What a change was to do that was not taken, and why it was not, in plain words. Pure. */
import type { SetAsideOp } from '../../lib/index.ts';
import { clip, fieldsInWords, nounOf, quote, sentence } from './field-words.ts';

type Mutation = SetAsideOp['do'][number];

/** Titles of lists and items as they are on this device, where they are. */
export interface Names {
  listTitle(id: string): string | undefined;
  itemTitle(id: string): string | undefined;
}

export interface SetAsideWords {
  /** A line for each thing that it was to do. */
  readonly lines: readonly string[];
  /** In which list; null where that is not known or does not matter. */
  readonly where: string | null;
  readonly why: string;
  /** Whether sending it again as it is can succeed. */
  readonly mayHelp: boolean;
}

export function setAsideWords(op: SetAsideOp, names: Names): SetAsideWords {
  const isOfItems = op.do.some((mutation) => recordOf(mutation).collection === 'items');
  return {
    lines: op.do.map((mutation) => lineOf(mutation, names)),
    where: isOfItems ? (names.listTitle(op.space) ?? null) : null,
    ...reasonOf(op.code),
  };
}

function lineOf(mutation: Mutation, names: Names): string {
  const what = `${nounOf(recordOf(mutation).collection)} “${clip(titleOf(mutation, names))}”`;
  switch (mutation.kind) {
    case 'put':
      return mutation.new ? `New ${what}` : `${sentence(what)}: ${fieldsInWords(mutation.fields)}`;
    case 'delete':
      return `Delete ${what}`;
    case 'restore':
      return `Bring back ${what}`;
    case 'add':
      return `${sentence(what)}: ${mutation.field} with ${valuesOf(mutation.values)}`;
    case 'remove':
      return `${sentence(what)}: ${mutation.field} without ${valuesOf(mutation.values)}`;
    case 'increment':
      return `${sentence(what)}: ${mutation.field} ${mutation.by < 0 ? 'less' : 'more'} by ${Math.abs(mutation.by)}`;
    case 'append':
      return `${sentence(what)}: ${valuesOf([mutation.entry])} to ${mutation.field}`;
    case 'resolve':
      return `${sentence(what)}: a conflict decided${takenOf(mutation.take)}`;
  }
}

/** The record that a mutation is about. */
export const recordOf = (mutation: Mutation): { collection: string; id: string } =>
  mutation.kind === 'resolve' ? mutation.conflict : mutation;

const valuesOf = (values: readonly unknown[]): string => values.map(quote).join(', ');

/** What was typed to decide it is shown: the person may want it back. */
const takenOf = (take: Extract<Mutation, { kind: 'resolve' }>['take']): string =>
  typeof take === 'string' ? '' : `, for ${quote(take.value)}`;

function titleOf(mutation: Mutation, names: Names): string {
  const typed = mutation.kind === 'put' ? mutation.fields['title'] : undefined;
  if (typeof typed === 'string' && (mutation.kind !== 'put' || mutation.new)) return typed;
  const { collection, id } = recordOf(mutation);
  const known = collection === 'lists' ? names.listTitle(id) : names.itemTitle(id);
  return known ?? (typeof typed === 'string' ? typed : 'no longer here');
}

function reasonOf(code: string): { why: string; mayHelp: boolean } {
  switch (code) {
    case 'too_large':
      return {
        why: 'It is too long for the server. Shorten it, and send it again.',
        mayHelp: false,
      };
    case 'forbidden':
      return { why: 'This account may not change this list any more.', mayHelp: false };
    case 'space_deleted':
      return { why: 'The list was deleted on the server.', mayHelp: false };
    case 'no_such_record':
      return { why: 'It belongs to something else that could not be sent.', mayHelp: false };
    case 'started_anew':
      return {
        why: 'It was not sent yet when this device’s storage failed and was begun anew.',
        mayHelp: true,
      };
    case 'not_in_log':
      return { why: 'It got lost between two copies of this device.', mayHelp: true };
    default:
      return { why: `The server does not accept it (${code}).`, mayHelp: true };
  }
}
