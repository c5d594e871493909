/** The schemas of ids and counts that the wire and the channel share. */
import * as v from 'valibot';
import { asClock, asEpoch, asSeq, isUuidV7 } from './ids.ts';
import type { AccountId, ActorId, DeviceId, SpaceId } from './ids.ts';

const uuidV7 = <Id extends string>() =>
  v.pipe(
    v.string(),
    v.check((text: string) => isUuidV7(text), 'not a UUIDv7'),
    v.transform((text: string) => text as Id),
  );

export const SpaceIdSchema = uuidV7<SpaceId>();
export const ActorIdSchema = uuidV7<ActorId>();
export const AccountIdSchema = uuidV7<AccountId>();
export const DeviceIdSchema = uuidV7<DeviceId>();

/** A whole number from 0 to 2^53 − 1. */
export const CountSchema = v.pipe(v.number(), v.safeInteger('not a whole number'), v.minValue(0));
export const PositiveSchema = v.pipe(
  v.number(),
  v.safeInteger('not a whole number'),
  v.minValue(1),
);
export const SeqSchema = v.pipe(CountSchema, v.transform(asSeq));
export const PlacedSeqSchema = v.pipe(PositiveSchema, v.transform(asSeq));
export const ClockSchema = v.pipe(PositiveSchema, v.transform(asClock));
export const SettledSchema = v.pipe(CountSchema, v.transform(asClock));
export const EpochSchema = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(64),
  v.transform(asEpoch),
);
export const DigestSchema = v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/, 'not 16 bytes in hex'));
