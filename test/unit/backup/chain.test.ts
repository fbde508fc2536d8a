import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { baseOf } from '../../../lib/operations/backup/chain.ts';
import { backupsIn, idAt, requireManifest, timeOf, writeManifest } from '../../../lib/operations/backup/manifest.ts';
import type { Place } from '../../../lib/operations/backup/place.ts';
import { ageOf, takeTurn } from '../../../lib/operations/backup/turn.ts';
import { settingsFrom } from '../../../lib/settings.ts';

/** Files in memory: many small ones take their time on a disk. */
const newPlace = (): Place => {
  const files = new Map<string, Buffer>();
  return {
    address: 'memory',
    isFolder: false,
    get: async (name) => files.get(name),
    put: async (name, bytes) => void files.set(name, Buffer.from(bytes)),
    getVersion: async () => undefined,
    swap: async () => '1',
    list: async (prefix) => [...files.keys()].filter((name) => name.startsWith(prefix)).sort(),
    close: () => undefined,
  };
};

const HOUR = 3_600_000;

const made = async (place: Place, at: number, on: string | null, root: string | undefined): Promise<string> => {
  const id = idAt(new Date(at));
  const nothing = { topics: [], groups: [], schemas: [], redis: [], objects: [], parts: [], registryExport: null };
  const times = { begunAt: '', takenAt: '', finishedAt: '' };
  await writeManifest(place, { ...nothing, ...times, format: 1, id, on, wasQuiet: false, root: root ?? id });
  return id;
};

describe('a chain of backups', () => {
  it('never grows older than it may, so that what S3 deletes by age is needed by nothing that is kept', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 25 }),
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 1, max: 100 }),
        async (gaps, fullAfterHours, keepHours) => {
          const place = newPlace();
          let now = 0;
          for (const gap of gaps) {
            now += gap * HOUR;
            const { whole } = await backupsIn(place);
            const { on, root } = await baseOf(place, whole, undefined, fullAfterHours * HOUR, now);
            await made(place, now, on, root);
          }
          const deletedBefore = now - (keepHours + fullAfterHours) * HOUR;
          for (const id of (await backupsIn(place)).whole.filter((one) => now - timeOf(one) <= keepHours * HOUR)) {
            let current = await requireManifest(place, id);
            while (current.on !== null) current = await requireManifest(place, current.on);
            expect(timeOf(current.id)).toBeGreaterThanOrEqual(deletedBefore);
            expect((await requireManifest(place, id)).root).toBe(current.id);
          }
        },
      ),
      { numRuns: 25 },
    ));

  it('is joined where somebody says so, also when it is old, and is begun anew where he says none', async () => {
    const place = newPlace();
    const first = await made(place, 0, null, undefined);
    const { whole } = await backupsIn(place);
    expect(await baseOf(place, whole, first, HOUR, 99 * HOUR)).toEqual({ on: first, root: first });
    expect(await baseOf(place, whole, 'none', HOUR, 0)).toEqual({ on: null, root: undefined });
    await expect(baseOf(place, whole, 'unknown', HOUR, 0)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('a call of the schedule', () => {
  const wanted = { everyMs: HOUR, fullAfterMs: 24 * HOUR, parts: [] };
  const signal = new AbortController().signal;

  it('does nothing while the newest backup is young enough, and tells how old it is', async () => {
    const place = newPlace();
    expect(await ageOf(place, 0)).toBeUndefined();
    await made(place, 0, null, undefined);
    expect(await ageOf(place, 5)).toBe(5);
    const now = () => new Date(HOUR - 1);
    expect(await takeTurn(settingsFrom({}), place, wanted, signal, now)).toEqual({ state: 'not due' });
  });

  it('is over when it is told to end, and leaves what is to be continued', async () => {
    const ended = AbortSignal.abort();
    const nobody = settingsFrom({ KAFKA_BROKERS: '127.0.0.1:1' });
    expect(await takeTurn(nobody, newPlace(), wanted, ended)).toEqual({ state: 'stopped' });
    await expect(takeTurn(nobody, newPlace(), wanted, signal)).rejects.toMatchObject({ code: 'BROKER_UNAVAILABLE' });
  });
});
