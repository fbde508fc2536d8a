import { describe, expect, it } from 'vitest';
import { isOutage } from '../../../handlers/dead-letter-queue/own-failures.ts';
import { verdictOn } from '../../../handlers/dead-letter-queue/verdict.ts';
import { PermanentError, TransientError } from '../../../lib/errors.ts';
import type { DeadLetter } from '../../../lib/stores/dead-letters/index.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const letter = (more: Partial<DeadLetter> = {}): DeadLetter => ({
  ...{ id: 'a-0-1', shape: 'lambda', topic: 'a', partition: 0, offset: 1, consumer: 'c', errorClass: 'transient' },
  ...{ code: 'RETRIES_EXHAUSTED', message: '', attempts: 1, firstFailure: '', lastFailure: '' },
  ...{ redriveCount: 0, redrivable: true },
  ...more,
});

describe('a transient failure', () => {
  it('is tried again after 1, 5, 15 and 60 minutes, then parked', () => {
    const verdicts = [0, 1, 2, 3, 4].map((redriveCount) => verdictOn(letter({ redriveCount }), undefined, false, NOW));
    expect(verdicts.map((verdict) => verdict?.nextRetryAt?.slice(11, 16))).toEqual([
      ...['00:01', '00:05', '00:15', '01:00'],
      undefined,
    ]);
    expect(verdicts.at(-1)).toEqual({ status: 'parked' });
  });
});

describe('a permanent failure', () => {
  it('waits for a person, and is parked when it has come back too often', () => {
    const verdict = (redriveCount: number) =>
      verdictOn(letter({ errorClass: 'permanent', redriveCount }), undefined, false, NOW);
    expect([verdict(0), verdict(3), verdict(4)]).toEqual([
      { status: 'open' },
      { status: 'open' },
      { status: 'parked' },
    ]);
  });
});

describe('a letter', () => {
  it('that took effect is done, or was never one; one that cannot be put back is parked', () => {
    expect(verdictOn(letter(), { status: 'retrying', redriveCount: 0 }, true, NOW)).toEqual({ status: 'done' });
    expect(verdictOn(letter(), undefined, true, NOW)).toBeUndefined();
    expect(verdictOn(letter({ redrivable: false }), undefined, false, NOW)).toEqual({ status: 'parked' });
  });

  it('that was put back since, or lies parked, is not changed by a late copy', () => {
    expect(verdictOn(letter(), { status: 'redriven', redriveCount: 1 }, false, NOW)).toBeUndefined();
    expect(verdictOn(letter(), { status: 'parked', redriveCount: 0 }, false, NOW)).toBeUndefined();
    const back = verdictOn(letter({ redriveCount: 1 }), { status: 'redriven', redriveCount: 1 }, false, NOW);
    expect(back).toMatchObject({ status: 'retrying' });
  });
});

describe('an outage', () => {
  const named = (name: string, message: string) => Object.assign(new Error(message), { name });

  it('is what Redis, the object store or a broker has; everything else would fail again', () => {
    expect(isOutage(new TransientError('OBJECT_STORE_UNAVAILABLE', ''))).toBe(true);
    expect(isOutage(named('MaxRetriesPerRequestError', ''))).toBe(true);
    expect(isOutage(named('ReplyError', 'LOADING Redis is loading'))).toBe(true);
    expect(isOutage(new Error('Connection is closed.'))).toBe(true);
    expect(isOutage(named('ReplyError', 'WRONGTYPE Operation'))).toBe(false);
    expect(isOutage(new PermanentError('REFUSED', ''))).toBe(false);
    expect(isOutage(new TypeError('x is not a function'))).toBe(false);
  });
});
