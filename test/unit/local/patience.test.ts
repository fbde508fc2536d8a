import { describe, expect, it } from 'vitest';
import { StreamError, TransientError } from '../../../lib/errors.ts';
import { patiently } from '../../../lib/local/patience.ts';

/** Fails so often, and counts how often it is asked. */
const failing = (times: number, error: Error) => {
  let calls = 0;
  const work = async (): Promise<number> => {
    calls += 1;
    if (calls <= times) throw error;
    return calls;
  };
  return { work, calls: () => calls };
};

const away = new TransientError('REGISTRY_UNAVAILABLE', 'It does not answer.');

describe('what a service is given at its start', () => {
  it('is given again while the service is away for a moment', async () => {
    expect(await patiently(failing(2, away).work, 60_000, 1)).toBe(3);
  });

  it('is given up when the time is over', async () => {
    await expect(patiently(failing(1, away).work, 0, 1)).rejects.toBe(away);
  });

  it('is not given again when that cannot help', async () => {
    const { work, calls } = failing(9, new StreamError('SCHEMA_INCOMPATIBLE', 'It breaks readers.'));
    await expect(patiently(work, 60_000, 1)).rejects.toMatchObject({ code: 'SCHEMA_INCOMPATIBLE' });
    expect(calls()).toBe(1);
  });
});
