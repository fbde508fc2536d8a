import { describe, expect, it } from 'vitest';
import { foundSideBySide, sideBySide } from '../../lib/side-by-side.ts';

describe('work side by side', () => {
  it('does each item once, never more at a time than allowed', async () => {
    const done: number[] = [];
    let now = 0;
    await sideBySide([...Array(20).keys()], 3, async (item) => {
      now += 1;
      expect(now).toBeLessThanOrEqual(3);
      await new Promise(setImmediate);
      done.push(item);
      now -= 1;
    });
    expect(done.sort((a, b) => a - b)).toEqual([...Array(20).keys()]);
  });

  it('tells the first error, when all that was begun has ended', async () => {
    const ended: string[] = [];
    const work = sideBySide(['bad', 'good'], 2, async (item) => {
      if (item === 'bad') throw new Error('bad');
      await new Promise(setImmediate);
      ended.push(item);
    });
    await expect(work).rejects.toThrow('bad');
    expect(ended).toEqual(['good']);
  });

  it('gives what was found in the order of the items, whichever ended first', async () => {
    const found = await foundSideBySide([3, 1, 2], 3, async (turns) => {
      for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate);
      return turns * 10;
    });
    expect(found).toEqual([30, 10, 20]);
  });
});
