/** Why `offing serve` cannot listen where it was told to, by the system's error. */
import { UsageError } from '../config.ts';
import type { ServerOptions } from '../open-server.ts';

/** What was asked for is no place to listen at; undefined where something else is wrong. */
export function notListening(
  error: unknown,
  { port, host, metrics }: Pick<ServerOptions, 'port' | 'host' | 'metrics'>,
): UsageError | undefined {
  if (!(error instanceof Error) || !('code' in error && 'syscall' in error)) return undefined;
  const { code, syscall } = error;
  const isHost = code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND';
  // A name is looked up before anything listens, and only the host is one.
  if (isHost && (syscall === 'listen' || syscall === 'getaddrinfo')) {
    return new UsageError(`--host: ${host} is no address of this machine`);
  }
  if (syscall !== 'listen') return undefined;
  const taken = 'port' in error ? error.port : port;
  const isOfMetrics = taken === metrics?.port && taken !== port;
  const which = `${isOfMetrics ? '--metrics: ' : ''}port ${String(taken)}`;
  if (code === 'EADDRINUSE' && port === metrics?.port && port !== 0) {
    return new UsageError(`${which} is in use, and --metrics names the same one`);
  }
  if (code === 'EADDRINUSE') return new UsageError(`${which} is in use`);
  if (code === 'EACCES') return new UsageError(`${which} is not allowed here`);
  return undefined;
}
