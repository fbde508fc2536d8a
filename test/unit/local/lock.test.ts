import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exclusively } from '../../../lib/local/lock.ts';
import { identityOf } from '../../../lib/local/native/identity.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-'));
  path = join(folder, 'run', 'lock');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs so many pieces of work under the lock, and gives the most that ran at the same time. */
const mostAtOnce = async (count: number): Promise<number> => {
  let inside = 0;
  let most = 0;
  const work = async (): Promise<void> => {
    inside += 1;
    most = Math.max(most, inside);
    for (let i = 0; i < 5; i += 1) await turn();
    inside -= 1;
  };
  await Promise.all(Array.from({ length: count }, () => exclusively(path, { waitMs: 10_000 }, work)));
  return most;
};

describe('the lock', () => {
  it('lets one in at a time, and leaves no file', async () => {
    expect(await mostAtOnce(5)).toBe(1);
    expect(readdirSync(join(folder, 'run'))).toEqual([]);
  });

  it('of a process that is gone, or without content, is taken over by one of those who wait', async () => {
    const { pid } = spawnSync('true');
    for (const left of [
      JSON.stringify({ pid, started: '1' }),
      JSON.stringify({ pid: process.pid, started: '1' }),
      '',
    ]) {
      await exclusively(path, { waitMs: 0 }, async () => undefined);
      writeFileSync(path, left);
      expect(await mostAtOnce(5)).toBe(1);
      expect(readdirSync(join(folder, 'run'))).toEqual([]);
    }
  });

  it('is given up waiting for after the time, and the process that holds it is named', async () => {
    await exclusively(path, { waitMs: 0 }, async () => undefined);
    writeFileSync(path, JSON.stringify(identityOf(process.pid)));
    const told: number[] = [];
    const patience = { waitMs: 250, waiting: (pid: number) => told.push(pid) };
    await expect(exclusively(path, patience, async () => undefined)).rejects.toThrow(`(process ${process.pid})`);
    expect(told).toEqual([process.pid]);
  });

  it('is released by work that fails', async () => {
    await expect(exclusively(path, { waitMs: 0 }, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await exclusively(path, { waitMs: 0 }, async () => 'in')).toBe('in');
  });
});
