/** `offing serve`: runs the server until it is told to stop, and stops it well. */
import {
  dataDirectory,
  logFormat,
  portIn,
  portNumber,
  retentionDays,
  snapshotEvery,
} from '../config.ts';
import type { LogFormat } from '../config.ts';
import { rulesFor } from '../log/retention.ts';
import { createLogLines } from '../metrics/log-lines.ts';
import { openServer, PutBackNotice } from '../open-server.ts';
import type { OpenServer, ServerOptions } from '../open-server.ts';
import { certificateIn } from './certificate.ts';
import { printLink } from './link.ts';
import { notListening } from './not-listening.ts';
import { readOptions } from './options.ts';

const INTERRUPTED = 130;

export async function serve(args: readonly string[]): Promise<void> {
  const { values } = readOptions(args, {
    data: { type: 'string' },
    port: { type: 'string' },
    host: { type: 'string' },
    cert: { type: 'string' },
    key: { type: 'string' },
    'snapshot-every': { type: 'string' },
    'retention-days': { type: 'string' },
    metrics: { type: 'string' },
    log: { type: 'string' },
    link: { type: 'boolean' },
    qr: { type: 'boolean' },
  });
  const host = values.host ?? '127.0.0.1';
  const every = snapshotEvery(values['snapshot-every']);
  const certificate = certificateIn(values.cert, values.key);
  const server = await listen({
    data: dataDirectory(values.data, process.env),
    port: portNumber(values.port, process.env),
    host,
    certificate,
    ...(every !== undefined && { snapshots: { every } }),
    ...(values.metrics !== undefined && { metrics: { port: portIn(values.metrics) } }),
    ...loggingAs(logFormat(values.log)),
    retention: rulesFor(retentionDays(values['retention-days'], process.env)),
  });
  stopOnSignals(server);
  console.log(`Offing listens on ${server.url}`);
  if (server.metricsUrl !== undefined) console.log(`Metrics are on ${server.metricsUrl}`);
  const withQr = values.qr ?? process.stdout.isTTY;
  if (values.link) await printLink(server, { host, certificate, withQr });
}

/** For people, faults alone, on standard error; for machines every request too, a line of JSON each. */
const loggingAs = (format: LogFormat): Pick<ServerOptions, 'observer' | 'report'> =>
  format === 'json'
    ? { observer: createLogLines((line) => console.error(line), Date.now) }
    : {
        // What the operator did himself shows no place in the code.
        report: (error) => console.error(error instanceof PutBackNotice ? error.message : error),
      };

async function listen(options: ServerOptions): Promise<OpenServer> {
  try {
    return await openServer(options);
  } catch (error) {
    throw notListening(error, options) ?? error;
  }
}

/** The first signal stops in order: what is in flight is answered. The second does not wait. */
function stopOnSignals(server: OpenServer): void {
  let isStopping = false;
  function stop(): void {
    if (isStopping) process.exit(INTERRUPTED);
    isStopping = true;
    server.close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  }
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}
