import { describe, expect, it } from 'vitest';
import type { Connection, Listening, Transport } from '../../sw/engine/ports.ts';
import { hushable } from './page-host-transport.ts';

/** Streams that end when they are stopped. */
class FakeTransport {
  opened = 0;
  open = 0;

  listen(): Listening {
    this.opened += 1;
    this.open += 1;
    let end: () => void = () => {};
    const ended = new Promise<void>((resolve) => (end = resolve));
    return {
      ended,
      stop: () => {
        this.open -= 1;
        end();
      },
    };
  }
}

const hear = { onOpen() {}, onPoke() {}, onSign() {} };
const connection = {} as Connection;

describe('the streams of a page that is the host', () => {
  it('[HO37] are let go while it is hidden, and opened again by the next ring', async () => {
    const fake = new FakeTransport();
    const { transport, hush } = hushable({ listen: () => fake.listen() } as unknown as Transport);
    const { ended } = transport.listen(connection, hear);
    hush();
    await ended;
    expect(fake.open).toBe(0);
    hush();
    expect(fake.open).toBe(0);
    transport.listen(connection, hear);
    expect([fake.opened, fake.open]).toEqual([2, 1]);
  });

  it('[HO37] are ended for good when it has handed over', async () => {
    const fake = new FakeTransport();
    const { transport, stop } = hushable({ listen: () => fake.listen() } as unknown as Transport);
    transport.listen(connection, hear);
    stop();
    await transport.listen(connection, hear).ended;
    expect([fake.opened, fake.open]).toEqual([1, 0]);
  });
});
