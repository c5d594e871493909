/** Sentences of the protocol that no check is about, each with the reason. */

export interface Unchecked {
  readonly section: string;
  /** Words of the sentence. Without them: each sentence of the section that has no check. */
  readonly says?: string;
  readonly why: 'owed' | 'of clients' | 'of the page itself' | 'not seen from outside';
  readonly because: string;
}

const INTRO = 'The Offing sync protocol, version 1';
const REQUESTS = 'Requests and errors';

/** Promised, and built nowhere yet. */
const owed: readonly Unchecked[] = (
  [
    [REQUESTS, '401 | token_expired', 'tokens do not expire'],
    [REQUESTS, '410 | space_deleted', 'nothing deletes a space'],
    [REQUESTS, '426 | client_too_old', 'there is no older client'],
    [REQUESTS, '429 | rate_limited', 'there are no rates'],
    ['Push', 'ids of deleted spaces are kept for ever', 'nothing deletes a space'],
    ['Push', 'space_full {limit}', 'spaces have no limit'],
    ['Push', 'Actors belong to the account', 'no two accounts share a space without grants'],
    ['Owed', undefined, 'the list of what is owed'],
  ] as const
).map(([section, says, because]) => ({ section, ...(says ? { says } : {}), why: 'owed', because }));

/** Kept by a server where nobody on the other side of HTTP can see or bring about the contrary. */
const notSeen: readonly Unchecked[] = (
  [
    [REQUESTS, '500 | internal', 'a fault of the server cannot be asked for'],
    [REQUESTS, '503 | overloaded', 'a busy database cannot be asked for'],
    [REQUESTS, '507 | storage_full', 'a full disk cannot be asked for'],
    ['Push', 'An answer is sent only after', 'it takes a kill of the process'],
    ['Push', 'since becomes this actor’s recorded cursor', 'compaction alone would show it'],
    ['Push', 'It never goes back', 'compaction alone would show it'],
    ['Push', 'It alone lets compaction move', 'a log grows old over weeks'],
    ['Push', 'cursor_expired {horizon, acked}', 'a log grows old over weeks'],
    ['Bootstrap', 'A server that has lost the start', 'compaction alone would show it'],
    ['Retention', 'A log need not be kept', 'a log grows old over weeks'],
    ['Retention', 'Only behind that may', 'a log grows old over weeks'],
    ['Retention', 'A server goes no further', 'a log grows old over weeks'],
    ['Retention', 'How long it waits', 'a log grows old over weeks'],
    ['Events', 'and every 25 s', 'a check does not wait that long'],
    ['Events', 'revoked | {}', 'a token is revoked by the operator'],
    ['Events', 'A listener that reads slowly', 'buffers on the way hide who reads slowly'],
  ] as const
).map(([section, says, because]) => ({ section, says, why: 'not seen from outside', because }));

/** What a device does, and what its fold makes of payloads that a server passes on unread. */
const ofClients: readonly Unchecked[] = (
  [
    [REQUESTS, 'Programs read code'],
    [REQUESTS, 'An answer with none of these codes'],
    ['An op', 'It is given when the op is sealed'],
    ['An op', 'From then on it never changes'],
    ['An op', 'base is what the person had on screen'],
    ['An op', 'A client that does not know it'],
    ['Push', "A client that finds another digest than the answer's"],
    ['Bootstrap', 'Absent counts of conflicts'],
    ['Bootstrap', 'A client takes nothing of an answer'],
    ['Bootstrap', 'One that does not know the header'],
    ['Bootstrap', 'The client adopts the digest'],
    ['Bootstrap', 'One that has nothing yet may store'],
    ['Events', 'Events are hints'],
    ['Events', 'One may be lost, or come twice'],
    ['Events', "An actor's own ops are not for itself"],
    ['Events', 'Where it is not what the ops lead to'],
    ['Retention', 'Whoever folds it forgets'],
    ['Retention', 'A tombstone whose record has'],
    ['Retention', 'What is forgotten is known'],
    ['Payloads'],
    ['What a client does'],
  ] as const
).map(([section, says]) => ({
  section,
  ...(says ? { says } : {}),
  why: 'of clients',
  because: 'a server cannot show it',
}));

const ofThePage: readonly Unchecked[] = (
  [
    [INTRO, 'This page is the contract'],
    [INTRO, 'Names, shapes and codes are stable'],
    [INTRO, 'What is promised here and not built yet'],
    [INTRO, 'offing conformance URL'],
    ['Push', 'Repetitions.'],
    ['Words'],
    ['History'],
  ] as const
).map(([section, says]) => ({
  section,
  ...(says ? { says } : {}),
  why: 'of the page itself',
  because: 'it asks nothing of a server',
}));

export const UNCHECKED: readonly Unchecked[] = [...owed, ...notSeen, ...ofClients, ...ofThePage];
