/** How the app starts once its worker has it: in Chromium, which is asked what it compiled. */
import type { CDPSession } from '@playwright/test';
import { expect, test } from './support/fixtures.ts';

interface TraceEvent {
  readonly name: string;
  readonly args: {
    readonly data?: {
      readonly url?: string;
      readonly consumedCacheSize?: number;
      readonly cacheRejected?: boolean;
    };
  };
}

/** What was traced in the session's page while `work` was done. */
async function traced(session: CDPSession, work: () => Promise<unknown>): Promise<TraceEvent[]> {
  const events: TraceEvent[] = [];
  session.on('Tracing.dataCollected', ({ value }) =>
    events.push(...(value as unknown[] as TraceEvent[])),
  );
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['devtools.timeline', 'v8'] },
  });
  await work();
  const isComplete = new Promise((done) => session.once('Tracing.tracingComplete', done));
  await session.send('Tracing.end');
  await isComplete;
  return events;
}

test('[AP62] opened again, the app runs from code that was compiled when its worker was installed', async ({
  server,
  newDevice,
}) => {
  const { context, page, app } = await newDevice();
  await app.open(server.url);
  await app.whenControlled();
  await page.close();
  const again = await context.newPage();
  const session = await context.newCDPSession(again);
  const events = await traced(session, async () => {
    await again.goto(server.url);
    await again.getByTestId('status').waitFor();
  });
  const compiled = events.filter(
    ({ name, args }) =>
      name.startsWith('v8.compile') && /\/assets\/index-/.test(args.data?.url ?? ''),
  );
  expect(compiled).toHaveLength(1);
  expect(compiled[0]?.args.data).toMatchObject({ cacheRejected: false });
  expect(compiled[0]?.args.data?.consumedCacheSize).toBeGreaterThan(100_000);
});
