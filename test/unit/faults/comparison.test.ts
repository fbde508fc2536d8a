import { describe, expect, it } from 'vitest';
import { eventOf } from '../../../lib/events/index.ts';
import type { Act } from '../../faults/campaign/act.ts';
import { compare } from '../../faults/campaign/comparison.ts';
import type { Observation } from '../../faults/campaign/effects/index.ts';

const event = eventOf('qr.scanned', { qrId: 'qr', userId: 'user', action: 'scan' }, { source: 'test' });
const act = (...signs: Act['signs']): Act => ({ line: 'line', event, signs });
const entry = (id: string): Act => act({ log: 'log', id });
const poison = (refusal: string): Act => ({ ...act(), refusal });

const found = (observation: Partial<Observation>): Observation => ({
  logs: new Map(),
  sums: new Map(),
  faults: [],
  ...observation,
});
const inLog = (...ids: readonly string[]): Observation => found({ logs: new Map([['log', ids]]) });
const inSum = (sum: number): Observation => found({ sums: new Map([['sum', sum]]) });

describe('what is found of the acknowledged events', () => {
  const acts = [entry('a'), entry('b'), entry('c')];
  const none = new Map();

  it('is right when each is there once, in order', () => {
    expect(compare(acts, inLog('a', 'b', 'c'), none)).toMatchObject({
      lost: 0,
      doubled: 0,
      disordered: 0,
      faults: [],
      disorder: [],
    });
  });

  it('tells one that is missing', () => {
    const { lost, missing, faults } = compare(acts, inLog('a', 'c'), none);
    expect([lost, [...missing], faults]).toEqual([1, [acts[1]], ['log: lost 1 (b)']]);
  });

  it('tells all of a log that is not there', () => {
    expect(compare(acts, found({}), none)).toMatchObject({ lost: 3 });
  });

  it('takes no dead letter for lost', () => {
    const dead = new Map(acts.slice(1, 2).map((one) => [one, [{ code: 'RETRIES_EXHAUSTED', message: 'tried' }]]));
    expect(compare(acts, inLog('a', 'c'), dead)).toMatchObject({ lost: 0, faults: [] });
  });

  it('tells one that is there twice, and one that nobody published', () => {
    expect(compare(acts, inLog('a', 'b', 'b', 'c', 'd'), none)).toMatchObject({ lost: 0, doubled: 2, disordered: 0 });
  });

  it('tells one that stands behind a later one', () => {
    expect(compare(acts, inLog('b', 'a', 'c'), none)).toMatchObject({ lost: 0, doubled: 0, disordered: 1 });
  });

  it('adds up: too little is lost, too much is doubled', () => {
    const counted = Array.from({ length: 3 }, () => act({ sum: 'sum' }));
    expect(compare(counted, inSum(2), none)).toMatchObject({ lost: 1, doubled: 0 });
    expect(compare(counted, inSum(3), none)).toMatchObject({ lost: 0, doubled: 0 });
    expect(compare(counted, inSum(5), none)).toMatchObject({ lost: 0, doubled: 2 });
  });

  it('wants a dead letter with the right reason of a poison record', () => {
    const bad = poison('INVALID_EVENT');
    const reasons = (code: string, message: string) => new Map([[bad, [{ code, message }]]]);
    expect(compare([bad], found({}), none)).toMatchObject({ lost: 1 });
    expect(compare([bad], found({}), reasons('INVALID_EVENT', 'It has no text.')).faults).toEqual([]);
    expect(compare([bad], found({}), reasons('RULE_VIOLATED', 'It has no text.')).faults).toHaveLength(1);
    expect(compare([bad], found({}), reasons('INVALID_EVENT', '')).faults).toHaveLength(1);
  });

  it('passes on what contradicts itself', () => {
    expect(compare([], found({ faults: ['The ledger does not add up.'] }), none).faults).toHaveLength(1);
  });
});
