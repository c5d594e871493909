/** A request as the fuzz makes it, until it is bytes; and how it is written down to be sent again. */

export interface FuzzRequest {
  readonly method: string;
  /** The request target, with its query. */
  readonly target: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer | null;
}

export const withHeader = (
  request: FuzzRequest,
  name: string,
  value: string | null,
): FuzzRequest => ({
  ...request,
  headers: [
    ...request.headers.filter(([each]) => each.toLowerCase() !== name.toLowerCase()),
    ...(value === null ? [] : [[name, value] as const]),
  ],
});

/** Everything that was sent, in a form that can be pasted into a test; tokens, which are new in each run, by name. */
export function written(request: FuzzRequest, tokens: Readonly<Record<string, string>>): string {
  const { method, target, headers, body } = request;
  const base64 = body === null ? null : body.toString('base64');
  const text = JSON.stringify({ method, target, headers, base64 });
  return Object.entries(tokens).reduce(
    (all, [name, token]) => all.replace(token, `<${name}>`),
    text,
  );
}

export function headBytes(method: string, target: string, headers: FuzzRequest['headers']): Buffer {
  const lines = [`${method} ${target} HTTP/1.1`, ...headers.map(([n, v]) => `${n}: ${v}`)];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}
