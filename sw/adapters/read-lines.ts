/**
 * Reads a stream as lines of UTF-8, wherever its chunks are cut. It answers chunk by chunk, with the
 * lines that the chunk ended, often none: so that any chunk is a sign of progress. What stands after
 * the last line end was cut off, and is no line. Bytes that are not UTF-8 are an error: a replaced
 * letter would be somebody's data, changed.
 */
export async function* readLines(body: ReadableStream<Uint8Array>): AsyncGenerator<string[]> {
  const reader = body.getReader();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      text += decoder.decode(value, { stream: true });
      const lines = text.split('\n');
      text = lines.pop() ?? '';
      yield lines;
    }
  } finally {
    // Also where the reader has had enough: what is still on its way is not fetched.
    await reader.cancel().catch(() => undefined);
  }
}
