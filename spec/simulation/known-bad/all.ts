/** All known-bad changes, in the order of the table. */
import type { KnownBad } from './known-bad.ts';
import { ackOnPull } from './changes/ack-on-pull.ts';
import { answerBeforeCommit } from './changes/answer-before-commit.ts';
import { atUnclamped } from './changes/at-unclamped.ts';
import { baseAtSending } from './changes/base-at-sending.ts';
import { baseNotOfScreen } from './changes/base-not-of-screen.ts';
import { unfoldedInPart } from './changes/unfolded-in-part.ts';
import { unfoldingOvertaken } from './changes/unfolding-overtaken.ts';
import { aheadNotKept } from './changes/ahead-not-kept.ts';
import { aheadForgetsThoseBefore } from './changes/ahead-forgets-those-before.ts';
import { batchSplit } from './changes/batch-split.ts';
import { clockAtEachSending } from './changes/clock-at-each-sending.ts';
import { counterAsRegister } from './changes/counter-as-register.ts';
import { cursorBeforeRecords } from './changes/cursor-before-records.ts';
import { deleteLosesEdits } from './changes/delete-loses-edits.ts';
import { digestIgnored } from './changes/digest-ignored.ts';
import { editResurrects } from './changes/edit-resurrects.ts';
import { editUnderGraveLost } from './changes/edit-under-grave-lost.ts';
import { epochIgnored } from './changes/epoch-ignored.ts';
import { forkKeepsClocks } from './changes/fork-keeps-clocks.ts';
import { forkUnnoticedByDevice } from './changes/fork-unnoticed-by-device.ts';
import { forkUnnoticedByServer } from './changes/fork-unnoticed-by-server.ts';
import { grantIgnored } from './changes/grant-ignored.ts';
import { healthyWhileFailing } from './changes/healthy-while-failing.ts';
import { idsGivenAgain } from './changes/ids-given-again.ts';
import { lateAnswerTaken } from './changes/late-answer-taken.ts';
import { laterLayoutOpened } from './changes/later-layout-opened.ts';
import { loserDropped } from './changes/loser-dropped.ts';
import { moveDeletesFirst } from './changes/move-deletes-first.ts';
import { neverStalled } from './changes/never-stalled.ts';
import { newestFirst } from './changes/newest-first.ts';
import { noDedupe } from './changes/no-dedupe.ts';
import { orderByTime } from './changes/order-by-time.ts';
import { outboxAfterFold } from './changes/outbox-after-fold.ts';
import { pageWaits } from './changes/page-waits.ts';
import { pendingNotCounted } from './changes/pending-not-counted.ts';
import { pendingAddsUp } from './changes/pending-adds-up.ts';
import { readOnlyWrites } from './changes/read-only-writes.ts';
import { rebaseDropsPending } from './changes/rebase-drops-pending.ts';
import { rebuildDropsPending } from './changes/rebuild-drops-pending.ts';
import { refusalBlocks } from './changes/refusal-blocks.ts';
import { refusedDropped } from './changes/refused-dropped.ts';
import { relaxedDurability } from './changes/relaxed-durability.ts';
import { removeTakesUnseen } from './changes/remove-takes-unseen.ts';
import { claimForgetsNamedHome } from './changes/claim-forgets-named-home.ts';
import { formerBaseUnknown } from './changes/former-base-unknown.ts';
import { leftRowsDropped } from './changes/left-rows-dropped.ts';
import { restoreKeepsAcks } from './changes/restore-keeps-acks.ts';
import { restoreNotFilled } from './changes/restore-not-filled.ts';
import { revokedToken } from './changes/revoked-token.ts';
import { sealedRowTypedOn } from './changes/sealed-row-typed-on.ts';
import { sentIsSettled } from './changes/sent-is-settled.ts';
import { seqByProcess } from './changes/seq-by-process.ts';
import { seqByRowid } from './changes/seq-by-rowid.ts';
import { settledIsFolded } from './changes/settled-is-folded.ts';
import { synchronousNormal } from './changes/synchronous-normal.ts';
import { tokenCostsRetry } from './changes/token-costs-retry.ts';
import { typingRaisesBase } from './changes/typing-raises-base.ts';
import { unknownVersionSkipped } from './changes/unknown-version-skipped.ts';
import { voidNotSent } from './changes/void-not-sent.ts';
import { droppedToHead } from './changes/dropped-to-head.ts';
import { agedByTheClock } from './changes/aged-by-the-clock.ts';
import { snapshotOneShort } from './changes/snapshot-one-short.ts';
import { snapshotUnchecked } from './changes/snapshot-unchecked.ts';
import { snapshotUnread } from './changes/snapshot-unread.ts';
import { restoredInItsEpoch } from './changes/restored-in-its-epoch.ts';
import { movedWithoutWhatIsGone } from './changes/moved-without-what-is-gone.ts';
import { putBackUnnoticed } from './changes/put-back-unnoticed.ts';
import { dedupeEndsAtTheHorizon } from './changes/dedupe-ends-at-the-horizon.ts';
import { dropTakesOpenConflicts } from './changes/drop-takes-open-conflicts.ts';
import { fillBeginsOver } from './changes/fill-begins-over.ts';
import { newEpochBelieved } from './changes/new-epoch-believed.ts';
import { snapshotSaysWhose } from './changes/snapshot-says-whose.ts';
import { otherVerdictsBelieved } from './changes/other-verdicts-believed.ts';

export const KNOWN_BAD: readonly KnownBad[] = [
  noDedupe,
  forkUnnoticedByServer,
  forkUnnoticedByDevice,
  seqByRowid,
  seqByProcess,
  answerBeforeCommit,
  refusalBlocks,
  readOnlyWrites,
  revokedToken,
  grantIgnored,
  epochIgnored,
  digestIgnored,
  atUnclamped,
  orderByTime,
  loserDropped,
  deleteLosesEdits,
  editUnderGraveLost,
  editResurrects,
  removeTakesUnseen,
  counterAsRegister,
  unknownVersionSkipped,
  baseAtSending,
  baseNotOfScreen,
  typingRaisesBase,
  sealedRowTypedOn,
  idsGivenAgain,
  aheadNotKept,
  aheadForgetsThoseBefore,
  unfoldedInPart,
  unfoldingOvertaken,
  batchSplit,
  clockAtEachSending,
  sentIsSettled,
  newestFirst,
  voidNotSent,
  ackOnPull,
  settledIsFolded,
  refusedDropped,
  cursorBeforeRecords,
  outboxAfterFold,
  lateAnswerTaken,
  rebaseDropsPending,
  rebuildDropsPending,
  restoreNotFilled,
  restoreKeepsAcks,
  leftRowsDropped,
  formerBaseUnknown,
  claimForgetsNamedHome,
  forkKeepsClocks,
  moveDeletesFirst,
  tokenCostsRetry,
  pageWaits,
  healthyWhileFailing,
  pendingNotCounted,
  pendingAddsUp,
  neverStalled,
  relaxedDurability,
  synchronousNormal,
  laterLayoutOpened,
  droppedToHead,
  agedByTheClock,
  snapshotOneShort,
  snapshotUnchecked,
  snapshotUnread,
  restoredInItsEpoch,
  movedWithoutWhatIsGone,
  putBackUnnoticed,
  dedupeEndsAtTheHorizon,
  dropTakesOpenConflicts,
  fillBeginsOver,
  newEpochBelieved,
  snapshotSaysWhose,
  otherVerdictsBelieved,
];
