import { describe, expect, it } from 'vitest';
import { peakMemoryMb } from '../../../lib/local/functions/memory.ts';

describe('the memory of a process', () => {
  it('is at least what it uses now', async () => {
    const usedMb = process.memoryUsage.rss() / 1024 / 1024;
    const peakMb = await peakMemoryMb(process.pid);
    expect(peakMb).toBeGreaterThan(usedMb * 0.9);
    expect(peakMb).toBeLessThan(usedMb * 20);
  });

  it('is 0 when the process is gone', async () => {
    expect(await peakMemoryMb(2 ** 30)).toBe(0);
  });
});
