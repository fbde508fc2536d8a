import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OwnStack, ownStack } from '../support/own-stack.ts';
import { isRunning } from '../support/processes.ts';
import { SmallDisk } from '../support/small-disk.ts';
import { until } from '../support/until.ts';

/** Room for a whole stack and its logs, in MiB. */
const MEGABYTES = 512;
const ENDS_WITHIN_MS = 90_000;

interface Health {
  readonly healthy: boolean;
  readonly services: readonly { readonly name: string; readonly state: string; readonly detail: string }[];
  readonly disk: { readonly folder: string; readonly free: number; readonly total: number } | null;
}

const impossible = SmallDisk.impossible();

/** One stack on a disk of its own, in the order of the tests. */
describe.skipIf(impossible !== undefined)(
  `a full disk${impossible === undefined ? '' : ` (skipped: ${impossible})`}`,
  () => {
    let stack: OwnStack;
    let disk: SmallDisk;
    beforeAll(async () => {
      stack = await ownStack('small');
      disk = await SmallDisk.mount(stack.dataDir, MEGABYTES);
      await stack.start();
    });
    afterAll(async () => {
      await disk.clear();
      await stack.cli.run('stop', '--wipe', '--yes');
      await until('the disk is not in use', () => stack.processes().length === 0);
      await disk.unmount();
      await stack.dispose();
    });

    const health = async (): Promise<Health> => JSON.parse((await stack.cli.run('health', '--json')).out);

    it('is what health names where a service has ended because of it, with the folder and what is free', async () => {
      const broker = stack.pid('kafka');
      await disk.fill();
      await until('the broker has ended', () => !isRunning(broker), { timeoutMs: ENDS_WITHIN_MS });
      const sick = await health();
      expect(sick.healthy).toBe(false);
      expect(sick.disk).toMatchObject({ total: MEGABYTES * 1024 * 1024 });
      expect(sick.services.find(({ name }) => name === 'kafka')).toMatchObject({ state: 'failed' });
      const detail = sick.services.find(({ name }) => name === 'kafka')?.detail;
      expect(detail).toContain(`the disk of ${join(stack.dataDir, 'data', 'kafka')} is full: `);
      expect(detail).toContain('of 537 MB are free; free some space there, then ./stream-manager.sh start');
    });

    it('is named by a command that finds the broker gone, and by start, which begins nothing', async () => {
      const before = stack.processes();
      const full = `The disk of ${stack.dataDir} is full: `;
      const publishing = await stack.cli.run(
        'test-message',
        'analytics-events',
        '{"userId":"u","qrId":"q","action":"scan"}',
      );
      expect(publishing).toMatchObject({ code: 1, err: expect.stringContaining(full) });
      const starting = await stack.cli.run('start', '--engine', 'native');
      expect(starting).toMatchObject({ code: 1, err: expect.stringContaining(full) });
      expect(starting.err).toContain('Free some space there, then ');
      expect(stack.processes()).toEqual(before);
    });

    it('keeps no stack from being stopped, and once there is room start brings it back', async () => {
      expect((await stack.cli.run('stop')).code).toBe(0);
      expect(stack.processes()).toEqual([]);
      await disk.clear();
      await stack.start();
      expect(await health()).toMatchObject({ healthy: true, disk: null });
    });

    it('under a backup is named with the backup’s folder', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'qr-small-'));
      const other = await SmallDisk.mount(folder, 32);
      try {
        await other.fill();
        const { code, err } = await stack.cli.run('backup', 'create', join(folder, 'backup'));
        expect({ code, err }).toMatchObject({
          code: 1,
          err: expect.stringMatching(/^✗ The disk of \S+ is full: 0\.0 MB of 34 MB/m),
        });
        expect(err).toContain(folder);
        expect(err).not.toContain('QR_DEBUG');
      } finally {
        await other.unmount();
        await rm(folder, { recursive: true, force: true });
      }
    });
  },
);
