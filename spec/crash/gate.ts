/** Open while the server is up: whoever writes waits here while it is not. */
export class Gate {
  #isOpen = false;
  #waiting: (() => void)[] = [];

  get isOpen(): boolean {
    return this.#isOpen;
  }

  open(): void {
    this.#isOpen = true;
    for (const goOn of this.#waiting.splice(0)) goOn();
  }

  shut(): void {
    this.#isOpen = false;
  }

  async whenOpen(): Promise<void> {
    if (this.#isOpen) return;
    await new Promise<void>((goOn) => void this.#waiting.push(goOn));
  }
}
