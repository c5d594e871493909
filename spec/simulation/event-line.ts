/**
 * One device's stream of pokes: what the server writes into it is a message in the air, in the order in
 * which it was written, and can be lost, be late, or be the end of the stream.
 */
export interface LineEnds {
  /** The server has written this. */
  wrote(chunk: Uint8Array): void;
  /** The server has ended the stream. */
  ended(): void;
}

export class EventLine {
  /** What the device reads. */
  readonly toDevice: ReadableStream<Uint8Array>;
  isOver = false;
  readonly #fromServer: ReadableStreamDefaultReader<Uint8Array>;
  #device: ReadableStreamDefaultController<Uint8Array> | undefined;

  constructor(events: ReadableStream<Uint8Array>, ends: LineEnds) {
    this.toDevice = new ReadableStream({
      start: (controller) => void (this.#device = controller),
      cancel: () => this.hangUp(),
    });
    this.#fromServer = events.getReader();
    void this.#read(ends);
  }

  /** Something arrives at the device. */
  give(chunk: Uint8Array): void {
    if (!this.isOver) this.#device?.enqueue(chunk);
  }

  /** The connection is gone: the device finds out, and the server that nobody reads. */
  break(): void {
    if (this.isOver) return;
    this.#device?.error(new TypeError('network'));
    this.hangUp();
  }

  /** The device reads no more. */
  hangUp(): void {
    this.isOver = true;
    this.#fromServer.cancel().catch(() => undefined);
  }

  async #read({ wrote, ended }: LineEnds): Promise<void> {
    for (;;) {
      const { done, value } = await this.#fromServer.read();
      if (this.isOver) return;
      if (done) return ended();
      wrote(value);
    }
  }
}
