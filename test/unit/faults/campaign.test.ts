import { describe, expect, it } from 'vitest';
import { dice } from '../../../lib/operations/simulation/dice.ts';
import { choicesFrom } from '../../faults/campaign/choices.ts';
import { FAULTS } from '../../faults/campaign/faults/index.ts';
import { planOf } from '../../faults/campaign/plan.ts';
import type { RunReport } from '../../faults/campaign/run.ts';
import { summaryOf } from '../../faults/campaign/summary.ts';

const planned = (seed: number) =>
  planOf({ dice: dice(seed), run: 'run', now: 0 }).map(({ line, event, signs, refusal, againAfterMs }) => ({
    line,
    type: event.eventType,
    payload: event.payload,
    signs,
    refusal,
    againAfterMs,
  }));

const report = (more: Partial<RunReport>): RunReport => ({
  fault: 'calm',
  seed: 1,
  seconds: 1,
  acknowledged: 10,
  processed: 9,
  deadLettered: 1,
  lost: 0,
  doubled: 0,
  disordered: 0,
  stuck: 0,
  faults: [],
  disorder: [],
  notes: [],
  ...more,
});

describe('a campaign', () => {
  it('plans the same events for the same seed, and others for another', () => {
    expect(planned(7)).toEqual(planned(7));
    expect(planned(7)).not.toEqual(planned(8));
  });

  it('has poison records, and events that are published twice', () => {
    const acts = planned(7);
    expect(acts.filter(({ refusal }) => refusal !== undefined).length).toBeGreaterThan(0);
    expect(acts.filter(({ againAfterMs }) => againAfterMs !== undefined).length).toBeGreaterThan(0);
  });

  it('has classes of faults with names of their own', () => {
    expect(new Set(FAULTS.map(({ name }) => name)).size).toBe(FAULTS.length);
  });

  it('reads what it is asked for, and refuses what there is not', () => {
    const { runs, seed, faults, json } = choicesFrom([
      '--runs',
      '3',
      '--seed',
      '9',
      '--only',
      'calm,redis-cut',
      '--json',
    ]);
    expect([runs, seed, json]).toEqual([3, 9, true]);
    expect(faults.map(({ name }) => name)).toEqual(['calm', 'redis-cut']);
    expect(choicesFrom([]).runs).toBe(FAULTS.length);
    expect(() => choicesFrom(['--only', 'meteorite'])).toThrow('There is no class of faults meteorite.');
    expect(() => choicesFrom(['--runs', 'many'])).toThrow('--runs takes a whole number');
    expect(() => choicesFrom(['--rnus', '3'])).toThrow('--rnus');
  });

  it('adds up the runs of a class, and says how a failed one is played again', () => {
    const reports = [report({}), report({ seed: 2, lost: 1, faults: ['log: lost 1 (a)'] })];
    const { ok, classes, failures } = summaryOf({ seed: 1, reports, skipped: [], seconds: 5, interrupted: false });
    expect(ok).toBe(false);
    expect(classes).toMatchObject([{ fault: 'calm', runs: 2, acknowledged: 20, lost: 1, failedRuns: 1 }]);
    expect(failures).toMatchObject([{ seed: 2, replay: 'npm run test:faults -- --runs 1 --only calm --seed 2' }]);
  });

  it('is not all right when it was interrupted', () => {
    expect(summaryOf({ seed: 1, reports: [report({})], skipped: [], seconds: 5, interrupted: true }).ok).toBe(false);
  });
});
