import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { attached, orphansGone, sharedMemoryIn } from '../../../lib/local/services/postgres-orphans.ts';

const PID_FILE = '4711\n/data/db\n1790000000\n5432\n\n127.0.0.1\n  1181234    131073\nready   \n';
const LIST = [
  '       key      shmid perms                  size  cpid  lpid nattch   uid',
  '   1181234     131073   600                    56  4711  4720      6 65534',
  '         0         12   600                  4096     1     1      2     0',
].join('\n');

it('the shared memory of a server is in its file, and how many have it in the list of the kernel', () => {
  const memory = sharedMemoryIn(PID_FILE);
  expect(memory).toEqual({ key: 1181234, id: 131073 });
  expect(attached(LIST, { key: 1181234, id: 131073 })).toBe(6);
  expect(attached(LIST, { key: 1181234, id: 7 })).toBe(0);
  expect(attached('', { key: 1181234, id: 131073 })).toBe(0);
});

it('memory with the same id that other files have, as after a reboot, is not that of the server', () => {
  expect(attached(LIST, { key: 1181235, id: 131073 })).toBe(0);
});

it('a key beyond 2^31 has a sign in the list of the kernel', () => {
  const memory = sharedMemoryIn(PID_FILE.replace('1181234', '4294967295'));
  expect(memory).toEqual({ key: -1, id: 131073 });
});

it.skipIf(process.platform !== 'linux')(
  'the file of a server that is gone goes, that of one that is there stays',
  async () => {
    const files = await mkdtemp(join(tmpdir(), 'qr-postgres-'));
    const file = join(files, 'postmaster.pid');
    // No kernel gives so high a number.
    await writeFile(file, PID_FILE.replace('4711', '4194305').replace('131073', '999999999'));
    await orphansGone(files);
    expect(existsSync(file)).toBe(false);
    await writeFile(file, PID_FILE.replace('4711', String(process.pid)).replace('131073', '999999999'));
    await orphansGone(files, 100);
    expect(existsSync(file)).toBe(true);
    await rm(files, { recursive: true });
  },
);

it.each([[''], ['4711\n/data/db\n'], ['4711\n/data/db\n1\n5432\n\n127.0.0.1\nstarting\n']])(
  'a file without it is waited for by nobody: %j',
  async (text) => {
    expect(sharedMemoryIn(text)).toBeUndefined();
    const files = await mkdtemp(join(tmpdir(), 'qr-postgres-'));
    await writeFile(join(files, 'postmaster.pid'), text);
    await expect(orphansGone(files)).resolves.toBeUndefined();
    await rm(files, { recursive: true });
  },
);
