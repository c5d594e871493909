import { withinSeeds, type KnownBad } from '../known-bad.ts';

export const pageWaits: KnownBad = {
  name: 'page-waits',
  what: 'A write is answered when it has been sent.',
  promise: 9,
  caughtBy: withinSeeds(10),
  edits: [
    {
      file: 'sw/engine/create-engine.ts',
      from: `        const afterwards = isTyping ? afterTyping() : afterWrite(sending);
`,
      to: `        const afterwards = isTyping ? afterTyping() : afterWrite(sending);
        await afterwards.catch(() => undefined);
`,
    },
  ],
};
