/** What one request says about one space, once it has passed the door. */
import type { ActorId, PushRequest, SpaceId, SpaceRequest } from '../../core/index.ts';

export type SentOp = NonNullable<SpaceRequest['ops']>[number];
export type RealOp = Exclude<SentOp, { readonly void: true }>;

export const isVoid = (op: SentOp): op is Exclude<SentOp, RealOp> => 'void' in op;

export interface LogRequest extends Pick<
  SpaceRequest,
  'since' | 'epoch' | 'digest' | 'create' | 'limit' | 'whole' | 'acksOnly' | 'have'
> {
  readonly space: SpaceId;
  /** `null`: somebody who only looks; it sends nothing, and nothing of it is recorded. */
  readonly actor: ActorId | null;
  readonly ops: readonly SentOp[];
  /** Bytes that are left for it in the answer. */
  readonly room?: number | undefined;
}

export const requestsOf = ({ spaces }: PushRequest): readonly LogRequest[] =>
  Object.entries(spaces as Record<SpaceId, SpaceRequest>).map(([space, asked]) => ({
    ...asked,
    space: space as SpaceId,
    ops: asked.ops ?? [],
  }));
