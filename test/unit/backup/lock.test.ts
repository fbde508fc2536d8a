import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { LOCK, withLock } from '../../../lib/operations/backup/lock.ts';
import { openPlace, type Place } from '../../../lib/operations/backup/place.ts';

const folder = await mkdtemp(join(tmpdir(), 'qr-backup-lock-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

let place: Place;
let count = 0;
beforeEach(() => {
  count += 1;
  place = openPlace(join(folder, String(count)), { awsEndpoint: undefined });
});

/** What another holder has written. */
const held = async (holder: { host: string; pid: number; until: number }): Promise<void> => {
  const text = JSON.stringify({ id: 'other', since: '2026-01-31T08:00:00.000Z', ...holder });
  expect(await place.swap(LOCK, undefined, Buffer.from(text))).toBeDefined();
};

const NOW = 1_000_000;
const other = { host: 'elsewhere', pid: 1 };

describe('the lock of a place', () => {
  it('keeps a second one out, says who has it, and is free afterwards', async () => {
    await withLock(place, async () => {
      const second = withLock(place, async () => 'never');
      await expect(second).rejects.toThrow(`Process ${process.pid} on ${hostname()} makes a backup`);
    });
    expect(await withLock(place, async () => 'next')).toBe('next');
    await expect(withLock(place, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    expect(await withLock(place, async () => 'after a failure')).toBe('after a failure');
  });

  it('goes to one of many that ask at the same moment', async () => {
    const ends = await Promise.allSettled(
      Array.from({ length: 20 }, () =>
        withLock(place, async ({ requireHeld }) => {
          await requireHeld();
          return true;
        }),
      ),
    );
    const got = ends.filter(({ status }) => status === 'fulfilled').length;
    expect(got).toBeGreaterThanOrEqual(1);
    // Whoever is let in after another has let go is no second one at the same time, but refusals there must be.
    expect(got).toBeLessThan(20);
    expect((await readdir(join(folder, String(count)))).filter((name) => name.startsWith(LOCK))).toHaveLength(1);
  });

  it('is taken over when its end has passed, and not before', async () => {
    await held({ ...other, until: NOW + 1 });
    await expect(
      withLock(
        place,
        async () => 'never',
        () => NOW,
      ),
    ).rejects.toMatchObject({ code: 'REFUSED' });
    expect(
      await withLock(
        place,
        async () => 'mine',
        () => NOW + 2,
      ),
    ).toBe('mine');
  });

  it('of a process of this machine that has died is taken over at once', async () => {
    await held({ host: hostname(), pid: 2 ** 22 + 1, until: Date.now() + 60_000 });
    expect(await withLock(place, async () => 'mine')).toBe('mine');
  });

  it('that is no lock at all keeps nobody out', async () => {
    await place.swap(LOCK, undefined, Buffer.from('{'));
    expect(await withLock(place, async () => 'mine')).toBe('mine');
  });

  it('that was taken over is noticed before anything is called whole', async () => {
    const work = withLock(place, async ({ requireHeld, signal }) => {
      const there = await place.getVersion(LOCK);
      await place.swap(LOCK, there?.version, Buffer.from(JSON.stringify({ ...other, id: 'other', until: Date.now() })));
      expect(signal.aborted).toBe(false);
      await requireHeld();
    });
    await expect(work).rejects.toThrow(/Somebody else/);
    // It is the other's, and stays so.
    expect((await place.getVersion(LOCK))?.bytes.toString()).toContain('"other"');
  });
});

describe('a file of a folder that is swapped', () => {
  it('is written by who knows its version, and by one of two who do', async () => {
    const first = await place.swap('f', undefined, Buffer.from('1'));
    expect(await place.swap('f', undefined, Buffer.from('x'))).toBeUndefined();
    const both = await Promise.all(['2', '3'].map((text) => place.swap('f', first, Buffer.from(text))));
    expect(both.filter((version) => version !== undefined)).toHaveLength(1);
    expect(await place.swap('f', first, Buffer.from('x'))).toBeUndefined();
    expect((await place.getVersion('f'))?.bytes.toString()).toMatch(/^[23]$/);
    expect(await place.getVersion('other')).toBeUndefined();
  });
});
