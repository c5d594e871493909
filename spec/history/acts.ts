/**
 * What somebody does who wants a change of the history and has something else on screen than the one
 * who really made it: they last pulled at another time.
 */
import type { Conflict, MutationJson, PutJson } from '../../core/index.ts';
import type { Random } from '../support/random.ts';
import { withoutGaps, type Change, type Fields } from './read-history.ts';

export type Act =
  | { readonly kind: 'make' | 'put'; readonly fields: Fields }
  | { readonly kind: 'delete' | 'restore' };

/** What is on screen of the record: its fields, that it was deleted, or nothing at all. */
export type Seen = Fields | 'deleted' | 'unknown';

/** `whole` is the record as the history has it after the change. */
export function actsFor(change: Change, seen: Seen, whole: Fields, random: Random): Act[] {
  const isThere = typeof seen === 'object';
  switch (change.kind) {
    case 'create':
      // Somebody else has made it already: then it is filled in anew.
      return [{ kind: isThere ? 'put' : 'make', fields: change.fields }];
    case 'update': {
      const put: Act = { kind: 'put', fields: withoutGaps(change.fields) };
      // What is not on screen is still edited by some, as from a sheet that was open for long.
      if (isThere || random.chance(0.3)) return [put];
      return seen === 'deleted' ? [{ kind: 'restore' }, put] : [{ kind: 'make', fields: whole }];
    }
    case 'delete':
      return [{ kind: 'delete' }];
  }
}

/** Which fields the app's schema merges by time, and of which a person closes the conflicts. */
export interface Merging {
  readonly latest: readonly string[];
  readonly manual: readonly string[];
}

export const BY_ORDER: Merging = { latest: [], manual: [] };

/** The record that an act is about, as payloads name it. */
export interface Name {
  readonly collection: string;
  readonly id: string;
}

export function mutationOf(act: Act, name: Name, merging: Merging = BY_ORDER): MutationJson {
  if (!('fields' in act)) return { kind: act.kind, ...name };
  const { fields } = act;
  const put: PutJson = { kind: 'put', ...name, fields, ...flagsFor(fields, merging) };
  return act.kind === 'make' ? { ...put, new: true } : put;
}

function flagsFor(fields: Fields, merging: Merging): Partial<Merging> {
  const there = (names: readonly string[]) => names.filter((name) => Object.hasOwn(fields, name));
  const [latest, manual] = [there(merging.latest), there(merging.manual)];
  return { ...(latest.length > 0 && { latest }), ...(manual.length > 0 && { manual }) };
}

/** Closes a conflict in one of the ways that there are. */
export function decisionOn(conflict: Conflict, random: Random): MutationJson {
  const { actor, clock, collection, id, field, kind, loser } = conflict;
  const value = field === null ? Object.fromEntries(loser.values ?? []) : 'decided otherwise';
  const take = random.pick(['winner', 'loser', { value }] as const);
  return { kind: 'resolve', conflict: { actor, clock, collection, id, field, kind }, take };
}
