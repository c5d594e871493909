/** The worker that Workbox's documentation shows: what cannot be sent is queued. Offline until told. */
import { Queue } from 'workbox-background-sync';

interface Waiting {
  waitUntil(work: Promise<unknown>): void;
}
interface Asked extends Event, Waiting {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Told extends MessageEvent<string>, Waiting {}
interface Scope extends EventTarget {
  skipWaiting(): Promise<void>;
  readonly clients: { claim(): Promise<void> };
}
const scope = globalThis as unknown as Scope;

let offline = true;
// It rings when the browser believes to be online; here the page says when that is.
const queue = new Queue('bench', { onSync: async () => {} });

scope.addEventListener('install', () => void scope.skipWaiting());
scope.addEventListener('activate', (event) =>
  (event as unknown as Waiting).waitUntil(scope.clients.claim()),
);

scope.addEventListener('fetch', (event) => {
  const asked = event as Asked;
  if (asked.request.method !== 'POST' || !offline) return;
  asked.respondWith(
    queue.pushRequest({ request: asked.request }).then(() => new Response(null, { status: 202 })),
  );
});

scope.addEventListener('message', (event) => {
  const told = event as unknown as Told;
  told.waitUntil(answer(told));
});

async function answer({ data, ports }: Told): Promise<void> {
  if (data === 'replay') {
    offline = false;
    await queue.replayRequests();
  }
  ports[0]?.postMessage(await queue.size());
}
