/** What is wrong about its events. */
import { addressIn, answering } from '../between.ts';
import type { WrongServer } from './wrong-server.ts';

/** Each event reaches the stream in one piece, as the server wrote it. */
const rewording = (change: (event: string) => string) =>
  answering((response, path) => {
    if (path !== '/sync/events' || !response.body) return response;
    const body = response.body
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(new TransformStream({ transform: (text, to) => to.enqueue(change(text)) }))
      .pipeThrough(new TextEncoderStream());
    return new Response(body, { status: response.status, headers: response.headers });
  });

export const hints: readonly WrongServer[] = [
  {
    wrong: 'its stream is about every space, whatever was asked',
    check: 'with spaces it is about those named, and a name that is no id is bad_request',
    make: () => (ask) => (url, init) => {
      const address = addressIn(url);
      if (address.searchParams.get('spaces') !== 'x') address.search = '';
      return address.pathname === '/sync/events' ? ask(address, init) : ask(url, init);
    },
  },
  {
    wrong: 'its pokes have the head of before',
    check: 'a poke tells of a log that has grown, with its head',
    make: () => rewording((event) => event.replace(/"head":\d+/, '"head":0')),
  },
  {
    wrong: 'the chain in its pokes is not that of before their ops',
    check: 'ops in a poke are the last up to its head, whole, with the chain before them',
    make: () =>
      rewording((event) => event.replace(/"before":"\w+"/, `"before":"${'0'.repeat(32)}"`)),
  },
  {
    wrong: 'the chain in its pokes is not that behind their ops',
    check: 'ops in a poke are the last up to its head, whole, with the chain before them',
    make: () =>
      rewording((event) => event.replace(/"digest":"\w+"/, `"digest":"${'0'.repeat(32)}"`)),
  },
  {
    wrong: 'its pokes name own ops alone',
    check: 'ops in a poke are the last up to its head, whole, with the chain before them',
    make: () => rewording((event) => event.replaceAll(/,"base":\d+/g, '')),
  },
];
