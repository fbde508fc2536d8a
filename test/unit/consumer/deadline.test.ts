import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openDeadline } from '../../../lib/consumer/deadline.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a deadline', () => {
  it('comes before that of Lambda, by a tenth of the time', async () => {
    const deadline = openDeadline(10_000);
    expect(Math.round(deadline.remainingMs())).toBe(9_000);
    await vi.advanceTimersByTimeAsync(9_000);
    expect(deadline.signal.aborted).toBe(true);
  });

  it('keeps three seconds at most, and a tenth of a second at least', () => {
    expect(Math.round(openDeadline(300_000).remainingMs())).toBe(297_000);
    expect(Math.round(openDeadline(500).remainingMs())).toBe(400);
    expect(openDeadline(50).remainingMs()).toBe(0);
  });

  it('ends waiting for work that takes too long, as a transient failure', async () => {
    const deadline = openDeadline(1_000);
    const waiting = expect(deadline.within(new Promise(() => undefined))).rejects.toMatchObject({
      code: 'TIMED_OUT',
      failureClass: 'transient',
    });
    await vi.advanceTimersByTimeAsync(900);
    await waiting;
    await expect(deadline.within(Promise.resolve('late'))).rejects.toMatchObject({ code: 'TIMED_OUT' });
  });

  it('leaves work alone that is done in time', async () => {
    const deadline = openDeadline(1_000);
    await expect(deadline.within(Promise.resolve('in time'))).resolves.toBe('in time');
    deadline.release();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(deadline.signal.aborted).toBe(false);
  });
});
