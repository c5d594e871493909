/** Validators through the page library on a real device: Valibot's schemas, which are Standard Schemas. */
import 'fake-indexeddb/auto';
import { afterEach, describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { add, collection, number, optional, set, text } from '../web/lib/index.ts';
import { openPage, type Page } from './support/page.ts';

const fields = {
  name: text({ validate: v.pipe(v.string(), v.maxLength(10)) }),
  from: number(),
  to: optional(number()),
  tags: set(text({ validate: v.picklist(['red', 'big']) })),
};
const Trip = v.pipe(
  v.looseObject({ from: v.number(), to: v.optional(v.number()) }),
  v.check(({ from, to = Infinity }) => from <= to, 'ends before it begins'),
);
const trips = collection(fields, { validate: Trip });
const schema = { version: 1, collections: { trips } } as const;

const pages: Page<(typeof schema)['collections']>[] = [];
afterEach(() => pages.splice(0).forEach((page) => page.close()));

async function open() {
  const page = openPage(schema);
  pages.push(page);
  await page.db.ready;
  return page;
}

describe('a validator', () => {
  it('[PL28] keeps a bad value out of outbox and table alike', async () => {
    const { db, device } = await open();
    await expect(db.trips.add({ name: 'a name too long', from: 1 })).rejects.toMatchObject({
      code: 'invalid',
      issues: [{ path: ['trips', 'name'], message: expect.stringContaining('10') }],
    });
    const trip = db.trips.add({ name: 'Lake', from: 1 });
    await trip;
    const wrong = { tags: add('blue') };
    await expect(db.trips.update(trip.id, wrong)).rejects.toMatchObject({ code: 'invalid' });
    const elsewhere = db.trips.move(trip.id, crypto.randomUUID(), wrong);
    await expect(elsewhere).rejects.toMatchObject({ code: 'invalid' });
    expect(await db.trips.toArray()).toMatchObject([{ name: 'Lake', from: 1, tags: [] }]);
    expect(await device.table('_outbox').count()).toBe(1);
  });

  it('[PL29] sees a record with all that was written before, answered or not', async () => {
    const { db, device } = await open();
    const trip = db.trips.add({ name: 'Lake', from: 1 });
    const later = db.trips.update(trip.id, { to: 5 });
    const wrong = db.trips.update(trip.id, { from: 6 });
    const cleared = db.trips.update(trip.id, { to: null });
    const right = db.trips.update(trip.id, { from: 6 });
    await expect(wrong).rejects.toMatchObject({
      code: 'invalid',
      message: 'trips: ends before it begins',
    });
    await Promise.all([trip, later, cleared, right]);
    expect(await db.trips.get(trip.id)).toMatchObject({ from: 6 });
    expect(await device.table('_outbox').count()).toBe(4);
  });

  it('[PL29] judges a value that resolves a conflict with the rest of its record', async () => {
    const { db } = await open();
    const trip = db.trips.add({ name: 'Lake', from: 1, to: 5 });
    const { space } = await trip;
    const key = JSON.stringify([space, 1, 'trips', trip.id, 'from', 'edit-edit']) as never;
    await expect(db.conflicts.resolve({ space, key }, { value: 9 })).rejects.toMatchObject({
      code: 'invalid',
    });
  });
});
