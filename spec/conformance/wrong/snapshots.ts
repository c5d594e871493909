/** What is wrong about its snapshots. */
import { addressIn, answering } from '../between.ts';
import type { WrongServer } from './wrong-server.ts';

const STATE = 'a snapshot is what the log folds to at its seq, line by line';
const RESUMED = 'a snapshot is gone on with from any byte, as long as it is there';

const rewriting = (rewrite: (text: string) => string) =>
  answering(async (response, path) => {
    if (!path.startsWith('/sync/bootstrap/') || !response.ok) return response;
    const headers = new Headers(response.headers);
    headers.delete('Content-Length');
    const text = await response.text();
    return new Response(rewrite(text), { status: response.status, headers });
  });

export const snapshots: readonly WrongServer[] = [
  {
    wrong: 'its snapshot lacks a record',
    check: STATE,
    make: () => rewriting((text) => text.replace(/\{"kind":"record".*\n/, '')),
  },
  {
    wrong: 'its snapshot has another value',
    check: STATE,
    make: () => rewriting((text) => text.replace('"Tent"', '"Tint"')),
  },
  {
    wrong: 'its snapshot has dropped a conflict, and counts so',
    check: STATE,
    make: () =>
      rewriting((text) => {
        const lines = text.split('\n');
        const at = lines.findIndex((line) => line.startsWith('{"kind":"conflict"'));
        if (at < 0) return text;
        const [gone = ''] = lines.splice(at, 1);
        const header = JSON.parse(lines[0] ?? '') as { conflicts: number; bytes: number };
        header.conflicts -= 1;
        header.bytes -= Buffer.byteLength(gone) + 1;
        return [JSON.stringify(header), ...lines.slice(1)].join('\n');
      }),
  },
  {
    wrong: 'it begins a snapshot anew for who was cut off',
    check: RESUMED,
    make: () => (ask) => (url, init) => {
      const address = addressIn(url);
      if (address.searchParams.get('offset') !== '1') return ask(url, init);
      address.searchParams.set('offset', '0');
      return ask(address.href, init);
    },
  },
  {
    wrong: 'it goes on with another snapshot than was asked for',
    check: RESUMED,
    make: () => (ask) => (url, init) => {
      const address = addressIn(url);
      if (address.searchParams.get('seq') !== '3') return ask(url, init);
      address.search = '';
      return ask(address.href, init);
    },
  },
  {
    wrong: 'it knows no tags',
    check: 'a snapshot is answered by its tag, and in ranges',
    make: () => (ask) => (url, init) => {
      const headers = new Headers(init?.headers);
      headers.delete('If-None-Match');
      return ask(url, { ...init, headers });
    },
  },
];
