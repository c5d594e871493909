/** The answer that carries a snapshot: whole, from a byte on, or the range that was asked for. */
import { byteRangeOf } from '../http/byte-range.ts';
import { chooseCoding } from '../http/encoding.ts';
import type { OpenText } from '../snapshots/open-text.ts';

/** `offset`: it was asked for by its name, from that byte on. */
export function answerSnapshot(asked: Headers, text: OpenText, offset?: number): Response {
  const isNamed = offset !== undefined;
  const from = Math.min(offset ?? 0, text.bytes);
  const caching = isNamed ? IMMUTABLE : REVALIDATED;
  const plainTag = tagOf(text, from, '');
  const range = isAsked(asked, plainTag)
    ? byteRangeOf(asked.get('Range'), text.bytes - from)
    : null;
  const common = { ...HEADERS, 'Cache-Control': caching, 'Accept-Ranges': 'bytes' };
  if (range === 'unsatisfiable') {
    const headers = { ...common, 'Content-Range': `bytes */${text.bytes - from}` };
    return new Response(null, { status: 416, headers });
  }
  if (range) {
    return new Response(streamOf(text.plain(from + range.from, from + range.to)), {
      status: 206,
      headers: {
        ...common,
        ETag: plainTag,
        'Content-Range': `bytes ${range.from}-${range.to - 1}/${text.bytes - from}`,
        'Content-Length': String(range.to - range.from),
      },
    });
  }
  const isGzip = chooseCoding(asked.get('Accept-Encoding'), ['gzip']) === 'gzip';
  const headers = { ...common, ETag: isGzip ? tagOf(text, from, '-gzip') : plainTag };
  if (isNotModified(asked, headers.ETag)) return new Response(null, { status: 304, headers });
  return isGzip
    ? new Response(streamOf(text.gzip(from)), {
        headers: { ...headers, 'Content-Encoding': 'gzip' },
      })
    : new Response(streamOf(text.plain(from, text.bytes)), {
        headers: { ...headers, 'Content-Length': String(text.bytes - from) },
      });
}

const HEADERS = { 'Content-Type': 'application/x-ndjson', Vary: 'Accept-Encoding' };

/** What has a name never is anything else. */
const IMMUTABLE = 'private, max-age=31536000, immutable';
/** Which one is the newest is asked each time. */
const REVALIDATED = 'private, no-cache';

/** Of two codings the bytes are others, and so is the tag (RFC 9110, section 8.8.3). */
const tagOf = ({ name }: OpenText, from: number, coding: string): string =>
  from === 0 ? `"${name}${coding}"` : `"${name}-${from}${coding}"`;

/** A range of something else than what is here is not asked for. */
const isAsked = (asked: Headers, tag: string): boolean =>
  (asked.get('If-Range') ?? tag).trim() === tag;

const isNotModified = (asked: Headers, tag: string): boolean =>
  (asked.get('If-None-Match') ?? '').split(',').some((each) => each.trim() === tag);

const streamOf = (pieces: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> =>
  ReadableStream.from(pieces);
