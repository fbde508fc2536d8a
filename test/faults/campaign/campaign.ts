import { join } from 'node:path';
import { messageOf } from '../../../lib/errors.ts';
import { PROJECT_ROOT } from '../../../lib/functions/index.ts';
import { SmallDisk } from '../../support/small-disk.ts';
import { CampaignStack } from './campaign-stack.ts';
import type { Choices } from './choices.ts';
import type { Fault, StackKind } from './faults/index.ts';
import { isRight, playRun, type RunReport, unplayed } from './run.ts';
import { type Skipped, type Summary, summaryOf } from './summary.ts';

/** What whoever watches is told. */
export interface Watcher {
  starting(kind: StackKind): void;
  began(fault: Fault, seed: number): void;
  ended(report: RunReport, logs: string | undefined): void;
  skipped(skipped: Skipped): void;
}

interface Planned {
  readonly fault: Fault;
  readonly seed: number;
}

/** Why faults of a kind cannot be tried here; undefined when they can. */
const impossible = (kind: StackKind): string | undefined =>
  kind === 'small disk' ? SmallDisk.impossible() : undefined;

/**
 * Plays the runs, those of one kind of stack after the other, so that one stack is up at a time and serves many runs. After a
 * run that failed the next one gets a new stack: what it found must not be the fault of the one before.
 */
export const campaign = async (
  { runs, seed, faults }: Choices,
  watcher: Watcher,
  signal: AbortSignal,
): Promise<Summary> => {
  const begun = performance.now();
  const reports: RunReport[] = [];
  const skipped: Skipped[] = [];
  const planned = Array.from({ length: runs }, (_, i): Planned[] => {
    const fault = faults[i % faults.length];
    return fault === undefined ? [] : [{ fault, seed: seed + i }];
  }).flat();
  for (const kind of new Set(planned.map(({ fault }) => fault.stack))) {
    const own = planned.filter(({ fault }) => fault.stack === kind);
    const reason = impossible(kind);
    if (reason === undefined) await playAll(kind, own, { reports, watcher, signal });
    else {
      for (const name of new Set(own.map(({ fault }) => fault.name))) skipped.push({ fault: name, reason });
    }
  }
  for (const one of skipped) watcher.skipped(one);
  const seconds = Math.round((performance.now() - begun) / 1_000);
  return summaryOf({ seed, reports, skipped, seconds, interrupted: signal.aborted });
};

interface Playing {
  readonly reports: RunReport[];
  readonly watcher: Watcher;
  readonly signal: AbortSignal;
}

const playAll = async (
  kind: StackKind,
  planned: readonly Planned[],
  { reports, watcher, signal }: Playing,
): Promise<void> => {
  let stack: CampaignStack | undefined;
  try {
    for (const { fault, seed } of planned) {
      if (signal.aborted) return;
      if (stack === undefined) {
        watcher.starting(kind);
        stack = await CampaignStack.start(kind).catch((error: unknown) => {
          const report = unplayed(fault, seed, `the stack did not start: ${messageOf(error)}`);
          reports.push(report);
          watcher.ended(report, undefined);
          return undefined;
        });
      }
      if (stack === undefined) continue;
      watcher.began(fault, seed);
      const report = await playRun(stack, fault, seed, signal);
      if (signal.aborted) return;
      reports.push(report);
      if (isRight(report)) {
        watcher.ended(report, undefined);
        continue;
      }
      const logs = join(PROJECT_ROOT, '.streams', 'faults', `${fault.name}-${seed}`);
      await stack.keepLogs(logs);
      watcher.ended(report, logs);
      await stack.dispose();
      stack = undefined;
    }
  } finally {
    await stack?.dispose();
  }
};
