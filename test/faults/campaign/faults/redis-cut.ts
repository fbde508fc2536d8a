import { existsSync, statSync, truncateSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { stackPaths } from '../../../../lib/local/paths.ts';
import { repair } from '../repair.ts';
import { type Fault, requireHit } from './fault.ts';
import { recover } from './recovery.ts';

const SAMPLE_MS = 50;
/** Redis syncs its file every second: so much is gone when its machine loses power. */
const LOST_MS = 1_000;
const WATCHED_MS = 2_000;

/**
 * Redis dies with its machine: what it had not synced is gone, effects and bookkeeping alike. The end of its append-only
 * file is cut off, anywhere, also within a command; then the groups go back to before the loss.
 */
export const redisCut: Fault = {
  name: 'redis-cut',
  about: 'Redis gets SIGKILL and loses its last second (the end of its append-only file is cut off); then `repair`.',
  stack: 'one broker',
  disorders: 'what is processed between the loss and the repair comes before what the repair applies again',
  strike: async (scene) => {
    const { stack, dice, note, signal, begun } = scene;
    const file = await appendOnlyFile(join(stackPaths(stack.dataDir).data, 'redis'));
    const sizes: { at: number; size: number }[] = [];
    for (const end = Date.now() + WATCHED_MS; Date.now() < end; await delay(SAMPLE_MS, undefined, { signal })) {
      sizes.push({ at: Date.now(), size: statSync(file).size });
    }
    await stack.kill('redis');
    const { size } = statSync(file);
    const lostSince = Date.now() - LOST_MS;
    // Rewritten meanwhile, it is shorter than it was: then there is less to cut.
    const before = sizes.filter(({ at, size: then }) => at <= lostSince && then <= size).at(-1)?.size ?? size;
    requireHit(size - before, 'write of the last second');
    const kept = dice.integer(before, size - 1);
    truncateSync(file, kept);
    note(`${size - kept} of ${size} bytes cut off, at most ${size - before}`);
    await recover(scene);
    await repair(stack, begun);
  },
};

/** Redis 7 keeps a folder of them, of which the last grows; Redis 6 one file. */
const appendOnlyFile = async (folder: string): Promise<string> => {
  const parts = join(folder, 'appendonlydir');
  if (!existsSync(parts)) return join(folder, 'appendonly.aof');
  const growing = (await readdir(parts)).filter((name) => name.endsWith('.incr.aof')).sort();
  return join(parts, growing.at(-1) ?? '');
};
