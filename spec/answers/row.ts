/** A row of the table: an answer, and what has to have happened for it to be true. */
import type { Failure } from '../../core/index.ts';
import type { Scene, Wishes } from './phases.ts';
import type { Script } from './way.ts';

export interface Row {
  /** What happens elsewhere before the device asks. */
  readonly before?: (scene: Scene) => Promise<void> | void;
  /** What is in the way of the server's own answer; without it, the server has its say. */
  readonly script?: (scene: Scene) => Promise<Script> | Script;
  /** Once: then the server has its say again. Otherwise as long as the drain lasts. */
  readonly once?: true;
  readonly wishes?: Partial<Wishes>;
  /** Of a whole request: what it failed with. */
  readonly failure?: Failure;
  /** What the status or an op set aside is to name. */
  readonly code?: string;
  /** The server was put back: what only other devices wrote may be gone. */
  readonly loses?: true;
}

export type Rows = Readonly<Record<string, Row>>;
