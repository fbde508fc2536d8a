import { describe, expect, it } from 'vitest';
import { storeError } from '../../../lib/stores/store-error.ts';

const reply = (message: string): Error => Object.assign(new Error(message), { name: 'ReplyError' });
const SHA = 'f1d2d2f924e986ac86fdf7b36c94bcdf32beec15';

describe('an answer of Redis', () => {
  it.each([
    'WRONGTYPE Operation against a key holding the wrong kind of value',
    'ERR value is not an integer or out of range',
    `ERR unknown command script: ${SHA}, on @user_script:7.`,
    'CROSSSLOT Keys in request don’t hash to the same slot',
    `ERR Error running script (call to f_${SHA}): @user_script:3: @user_script: 3: -WRONGTYPE Operation against a key`,
    `ERR Error running script (call to f_${SHA}): @user_script:12: user_script:12: attempt to index a nil value`,
  ])('that will be the same each time is permanent: %s', (message) => {
    expect(storeError(reply(message))).toMatchObject({ code: 'STORE_REFUSED', failureClass: 'permanent' });
  });

  it.each([
    "OOM command not allowed when used memory > 'maxmemory'.",
    'BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.',
    'LOADING Redis is loading the dataset in memory',
    `READONLY You can't write against a read only replica. script: ${SHA}, on @user_script:373.`,
    `ERR Error running script (call to f_${SHA}): @user_script:373: @user_script: 373: -READONLY You can't write`,
    'MISCONF Redis is configured to save RDB snapshots, but it’s currently unable to persist to disk',
    'CLUSTERDOWN The cluster is down',
    'TRYAGAIN Multiple keys request during rehashing of slot',
    'NOREPLICAS Not enough good replicas to write.',
    'NOAUTH Authentication required.',
    'ERR max number of clients reached',
  ])('that passes is transient: %s', (message) => {
    expect(storeError(reply(message))).toMatchObject({ code: 'REDIS_UNAVAILABLE', failureClass: 'transient' });
  });

  it('is told in Redis’s own words, without where in a script it came up', () => {
    const six = `ERR Error running script (call to f_${SHA}): @user_script:3: @user_script: 3: -WRONGTYPE Operation`;
    const seven = `WRONGTYPE Operation script: ${SHA}, on @user_script:3.`;
    for (const message of [six, seven]) {
      expect(storeError(reply(message))?.message).toBe('Redis refuses the write: WRONGTYPE Operation');
    }
  });

  it('is nothing that somebody else throws', () => {
    expect(storeError(new Error('WRONGTYPE'))).toBeUndefined();
  });
});
