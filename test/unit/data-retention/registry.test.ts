import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { REGISTRY } from '../../../handlers/data-retention/registry.ts';
import { POLICIES, RETENTION } from '../../../lib/catalog/index.ts';
import { PROJECT_ROOT } from '../../../lib/functions/index.ts';
import { PERIODS } from '../../../lib/scheduler/periods.ts';

const HANDLERS = join(PROJECT_ROOT, 'handlers');

const folders = readdirSync(HANDLERS).filter((name) => existsSync(join(HANDLERS, name, 'index.ts')));
const hasPlaces = (folder: string): boolean => existsSync(join(HANDLERS, folder, 'places.ts'));

describe('the registry of places', () => {
  it('knows the places of every handler', () => {
    expect(folders.filter((folder) => !hasPlaces(folder))).toEqual([]);
    expect(Object.keys(REGISTRY).sort()).toEqual(folders.sort());
  });

  it('has the exported places themselves, each with a name of its own and what it holds', async () => {
    for (const [folder, places] of Object.entries(REGISTRY)) {
      const { PLACES } = await import(join(HANDLERS, folder, 'places.ts'));
      expect(places, folder).toBe(PLACES);
    }
    const all = Object.values(REGISTRY).flat();
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    for (const { holds } of all) expect(holds).not.toBe('');
  });
});

describe('the retention policies', () => {
  it('are each swept once a day, with an event whose id is the day’s', () => {
    const start = '2026-01-02T00:00:00.000Z';
    for (const policy of POLICIES) {
      const period = PERIODS.find(({ name }) => name === `retention/${policy}`);
      expect(period?.everyMs).toBe(86_400_000);
      expect(period?.event(start, { eventId: 'id-1', timestamp: start })).toMatchObject({
        ...{ eventId: 'id-1', eventType: 'retention.sweep.requested', timestamp: start },
        payload: { policy, cursor: null },
      });
    }
  });

  it('keep dead letters longer than their topic does', () => {
    expect(RETENTION['dead-letters'].days).toBeGreaterThan(7);
  });
});
