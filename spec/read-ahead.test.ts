/** A device that is behind: what the log has next is asked for while what came before is folded. */
import { describe, expect, it } from 'vitest';
import type { PushAnswer, PushRequest } from '../core/index.ts';
import type { Ports } from '../sw/engine/ports.ts';
import type { Fetch } from '../sw/adapters/http-transport.ts';
import type { Device } from './support/device.ts';
import { openLab } from './support/lab.ts';
import { newItem } from './support/lists-config.ts';

const PAGE = 10;
const lab = openLab({ limits: { opsPerAnswer: PAGE } });

/** Notes what is asked for, and lets a test meddle with the pages that are read ahead. */
function wire() {
  const asked: string[] = [];
  const meddle = {
    refuses: false,
    page: async (answer: PushAnswer): Promise<PushAnswer> => answer,
  };
  const fetched: Fetch = async (url, init) => {
    const response = await fetch(url, init);
    if (url.pathname === '/sync/push') {
      const { spaces } = JSON.parse(init.body as string) as PushRequest;
      const sends = Object.values(spaces).some((space) => space?.ops?.length);
      asked.push(sends ? 'sends' : 'asks');
    }
    if (url.pathname !== '/sync/pull' || !response.ok) return response;
    expect(url.searchParams.has('actor')).toBe(false);
    asked.push('reads');
    if (meddle.refuses) return Response.json({ code: 'token_expired' }, { status: 401 });
    return Response.json(await meddle.page((await response.json()) as PushAnswer));
  };
  return { fetched, asked, meddle };
}

const items = (count: number) =>
  Array.from({ length: count }, (_, i) => newItem(`i${i}`, `Item ${i}`));

/** Two devices of one account, of which `b` has missed `count` ops. */
async function behind(count: number, around = (ports: Ports): Ports => ports) {
  const { fetched, asked, meddle } = wire();
  const token = await lab.nextToken();
  const a = lab.device({ listens: false });
  await a.connect(lab.server.url, token);
  await a.put(undefined, [newItem('first', 'Tent')]);
  const b = lab.device({ listens: false, fetch: fetched, around });
  await b.connect(lab.server.url, token);
  await a.write(items(count).map((mutation) => ({ do: [mutation] })));
  asked.length = 0;
  return { a, b, asked, meddle };
}

const catchUp = (device: Device) => device.ask({ v: 1, type: 'ring', reason: 'visible' });

async function expectSame(a: Device, b: Device): Promise<void> {
  expect(await b.rows('items')).toEqual(await a.rows('items'));
  expect(await b.cursors()).toEqual(await a.cursors());
  expect(await b.engine.status()).toMatchObject({ phase: 'idle', trouble: null });
}

describe('reading ahead', () => {
  it('[DR76] page after page is read beside the folding, and the server hears at the end how far it came', async () => {
    const { a, b, asked } = await behind(5 * PAGE);
    const before = b.notices.length;
    await catchUp(b);
    await expectSame(a, b);
    expect(asked).toEqual(['asks', 'reads', 'reads', 'reads', 'reads', 'asks']);
    const told = b.notices.slice(before).filter(({ type }) => type === 'applied');
    expect(told.flatMap((notice) => ('ops' in notice ? notice.ops : []))).toHaveLength(5 * PAGE);
  });

  it('[DR76] the app is told of page after page, though it takes longer to tell it of the first', async () => {
    let late = 600;
    const slow = (ports: Ports): Ports => ({
      ...ports,
      broadcast: {
        async tell(notice) {
          if (notice.type === 'applied') await new Promise((done) => setTimeout(done, (late /= 3)));
          await ports.broadcast.tell(notice);
        },
      },
    });
    const { a, b } = await behind(4 * PAGE, slow);
    const before = b.notices.length;
    await catchUp(b);
    await expectSame(a, b);
    const applied = b.notices
      .slice(before)
      .flatMap((notice) => ('ops' in notice ? notice.ops : []));
    const seqs = applied.map(({ seq }) => seq);
    expect(seqs).toHaveLength(4 * PAGE);
    expect(seqs).toEqual(seqs.toSorted((x, y) => x - y));
  });

  it('[DR76] what does not lead to the digest that comes with it is not folded, and asked for anew', async () => {
    const { a, b, asked, meddle } = await behind(3 * PAGE);
    meddle.page = async (answer) => {
      const text = JSON.stringify(answer).replace('Item 15', 'Item 51');
      return JSON.parse(text) as PushAnswer;
    };
    await catchUp(b);
    await expectSame(a, b);
    expect(asked.filter((what) => what === 'asks').length).toBeGreaterThan(2);
  });

  it('[DR76] a page that is another than was asked for, or none, counts for nothing', async () => {
    const { a, b, meddle } = await behind(4 * PAGE);
    const { spaces, ...rest } = { now: 0, spaces: {} };
    let reads = 0;
    let kept: PushAnswer | undefined;
    meddle.page = async (answer) => {
      reads += 1;
      if (reads === 1) kept = answer;
      // Nothing about the space; then what a cache has kept of an earlier one.
      return reads === 1 ? { ...rest, spaces } : (kept ?? answer);
    };
    await catchUp(b);
    await expectSame(a, b);
    expect(reads).toBeGreaterThan(1);
  });

  it('[DR76] a token that is refused there holds everything, as anywhere else', async () => {
    const { b, asked, meddle } = await behind(4 * PAGE);
    meddle.refuses = true;
    await catchUp(b);
    expect(asked).toEqual(['asks', 'reads']);
    expect(await b.engine.status()).toMatchObject({ phase: 'needs-auth' });
    await b.put(undefined, [newItem('mine', 'Stove')]);
    await catchUp(b);
    expect(asked).toEqual(['asks', 'reads']);
    expect(await b.engine.status()).toMatchObject({ phase: 'needs-auth', pending: 1 });
  });

  it('[DR76] what fails there in another way is met by the exchange that follows', async () => {
    const { a, b, asked, meddle } = await behind(3 * PAGE);
    meddle.page = () => Promise.reject(new TypeError('cut'));
    await catchUp(b);
    await expectSame(a, b);
    expect(asked).toEqual(['asks', 'reads', 'asks', 'reads', 'asks']);
  });

  it('[DR76] what is written meanwhile is sent before the end of the log is reached', async () => {
    const { a, b, asked, meddle } = await behind(8 * PAGE);
    let writing: Promise<unknown> | undefined;
    meddle.page = async (answer) => {
      writing ??= b.put(undefined, [newItem('mine', 'Stove')]);
      return answer;
    };
    await catchUp(b);
    await writing;
    expect(asked.indexOf('sends')).toBeGreaterThan(0);
    expect(asked.indexOf('sends')).toBeLessThan(asked.lastIndexOf('reads'));
    await catchUp(b);
    await catchUp(a);
    await expectSame(a, b);
    expect((await a.rows('items')).get('mine')).toMatchObject({ title: 'Stove' });
  });
});
