/**
 * What a page may ask of the host, as the host's door reads it. Apart from channel.ts, so that a
 * page, which only writes requests, carries no schema.
 */
import * as v from 'valibot';
import { AppConfigSchema } from './app-config.ts';
import { CHANNEL_VERSION } from './channel.ts';
import type { FormerRef } from './former.ts';
import { isObject } from './json.ts';
import type { MutationJson } from './mutation.ts';
import { CountSchema, SeqSchema, SpaceIdSchema } from './schemas.ts';

/** How far each space's log had come in the view that the person had on screen. */
const SeenSchema = v.record(SpaceIdSchema, SeqSchema);
/** By how often the space had been built anew when those seqs were heard; absent: never. */
const RebuiltSchema = v.record(SpaceIdSchema, CountSchema);
/** An op's place in the outbox. */
const OpRefSchema = v.object({ row: CountSchema, index: CountSchema });
type FormerRefInput = Omit<FormerRef, 'space'> & { readonly space: string };
/** A record as it was in one of a space's former histories. */
const FormerRefSchema: v.GenericSchema<FormerRefInput, FormerRef> = v.object({
  space: SpaceIdSchema,
  history: CountSchema,
  collection: v.string(),
  id: v.string(),
});
// The payload's own grammar is checked where every payload is: by `parsePayload`.
const MutationSchema = v.custom<MutationJson>(isObject, 'not a mutation');

const OpRequestSchema = v.object({
  /** The op's space; without one the host finds it: the home for what is new, the record's own for the rest. */
  space: v.optional(SpaceIdSchema),
  do: v.pipe(v.array(MutationSchema), v.minLength(1)),
  /** It is being typed: what follows on it within a moment becomes one op with it. */
  typing: v.optional(v.boolean()),
  /** Its resolves count only while their conflicts are open and nothing here has resolved them. */
  once: v.optional(v.boolean()),
});
export type OpRequest = v.InferInput<typeof OpRequestSchema>;

export const PageRequestSchema = v.variant('type', [
  v.object({ v: v.literal(CHANNEL_VERSION), type: v.literal('hello'), config: AppConfigSchema }),
  /** Accepts all of `ops` in one transaction, or none. */
  v.object({
    v: v.literal(CHANNEL_VERSION),
    type: v.literal('write'),
    ops: v.array(OpRequestSchema),
    seen: v.optional(SeenSchema, {}),
    rebuilt: v.optional(RebuiltSchema, {}),
    /** Ops that were set aside, which this write takes the place of: they go when it is accepted. */
    instead: v.optional(v.array(OpRefSchema), []),
    /** Records to write anew behind `ops`, as far as they miss what they had in a former history. */
    former: v.optional(v.array(FormerRefSchema)),
    /** The page can be told that it is durable before its records are there, and asks for them then. */
    ahead: v.optional(v.boolean()),
  }),
  /** Waits until the records of what was accepted ahead are there. */
  v.object({ v: v.literal(CHANNEL_VERSION), type: v.literal('unfold') }),
  /** Forgets ops that were set aside, as the person asked. */
  v.object({
    v: v.literal(CHANNEL_VERSION),
    type: v.literal('discard'),
    ops: v.pipe(v.array(OpRefSchema), v.minLength(1)),
  }),
  /** Forgets what these records had in a former history, as the person asked. */
  v.object({
    v: v.literal(CHANNEL_VERSION),
    type: v.literal('let-go'),
    records: v.pipe(v.array(FormerRefSchema), v.minLength(1)),
  }),
  /** A visible page's sign of life: drain if it is time, keep listening. */
  v.object({
    v: v.literal(CHANNEL_VERSION),
    type: v.literal('ring'),
    reason: v.picklist(['poll', 'online', 'offline', 'visible']),
    /** The spaces that it shows, the last opened first: while new ones are filled, these come first. */
    open: v.optional(v.array(v.string())),
  }),
  v.object({ v: v.literal(CHANNEL_VERSION), type: v.literal('sync-now') }),
  v.object({ v: v.literal(CHANNEL_VERSION), type: v.literal('pause') }),
  v.object({ v: v.literal(CHANNEL_VERSION), type: v.literal('resume') }),
  v.object({ v: v.literal(CHANNEL_VERSION), type: v.literal('status') }),
  /** The browser was asked to keep what is here: pages ask it once. */
  v.object({ v: v.literal(CHANNEL_VERSION), type: v.literal('persistence-asked') }),
  /** The person has seen what the browser lost. */
  v.object({ v: v.literal(CHANNEL_VERSION), type: v.literal('loss-seen') }),
  /** The person has seen that this device was away for too long. */
  v.object({ v: v.literal(CHANNEL_VERSION), type: v.literal('away-seen') }),
  /**
   * Begins with an empty database, what was not sent set aside in it. Without `evenUnread` only where
   * the present one can be read.
   */
  v.object({
    v: v.literal(CHANNEL_VERSION),
    type: v.literal('start-anew'),
    evenUnread: v.optional(v.boolean(), false),
  }),
  /** Joins this device to the token's account and claims what was written before. */
  v.object({
    v: v.literal(CHANNEL_VERSION),
    type: v.literal('connect'),
    url: v.pipe(v.string(), v.url()),
    token: v.pipe(v.string(), v.minLength(1)),
  }),
  /** Where each space stands, and what became of these rows: for a page that may have missed notices. */
  v.object({
    v: v.literal(CHANNEL_VERSION),
    type: v.literal('catch-up'),
    rows: v.array(CountSchema),
  }),
]);
export type PageRequest = v.InferInput<typeof PageRequestSchema>;
export type ParsedPageRequest = v.InferOutput<typeof PageRequestSchema>;
