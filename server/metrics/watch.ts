/** Who watches a server: what its caller gave it, and the figures that were asked for. */
import { observers } from '../observer.ts';
import type { Observer } from '../observer.ts';
import { listenForMetrics } from './listener.ts';
import type { MetricsListener, MetricsOptions } from './listener.ts';
import type { FigureSources } from './metrics.ts';

export interface WatchOptions {
  readonly observer?: Observer;
  readonly metrics?: MetricsOptions;
  readonly report?: (error: unknown) => void;
}

export interface Watch {
  /** Absent where nobody watches: then nothing is counted. */
  readonly observer: Observer | undefined;
  /** The caller's own, after the observers have heard. */
  readonly report: (error: unknown) => void;
  /** Undefined where nobody asked for figures. */
  listen(sources: FigureSources): Promise<MetricsListener | undefined>;
}

export async function watchFor({ observer, metrics: asked, report }: WatchOptions): Promise<Watch> {
  // Nobody else pays for it.
  const metrics = asked ? (await import('./metrics.ts')).createMetrics() : undefined;
  const all = [observer, metrics?.observer].filter((each) => each !== undefined);
  const heard = all.length > 0 ? observers(all) : undefined;
  return {
    observer: heard,
    report(error) {
      heard?.fault(error);
      report?.(error);
    },
    async listen(sources) {
      if (!asked || !metrics) return undefined;
      metrics.read(sources);
      return listenForMetrics(metrics, asked);
    },
  };
}
