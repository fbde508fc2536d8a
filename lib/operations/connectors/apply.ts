import { setTimeout as delay } from 'node:timers/promises';
import { StreamError } from '../../errors.ts';
import { suggestion } from '../nearest.ts';
import type { ConnectorFile } from './files.ts';
import { type Planned, planned } from './plan.ts';
import { faultOfTrace, stateOf } from './status.ts';
import type { ConnectorStatus, Worker } from './worker.ts';

/**
 * Asks Connect whether it would take each of the configurations.
 *
 * @throws StreamError REFUSED naming the first field that is wrong, and why
 */
export const validateFiles = async (worker: Worker, files: readonly ConnectorFile[]): Promise<void> => {
  for (const { name, config } of files) {
    const { configs } = await worker.validate({ ...config, name });
    const faults = configs.flatMap(({ value }) => value.errors.map((error) => ({ field: value.name, error })));
    const [first] = faults;
    if (first === undefined) continue;
    const more = faults.length === 1 ? '' : ` (and ${faults.length - 1} more)`;
    const meant = Object.hasOwn(config, first.field) ? undefined : suggestion(first.field, Object.keys(config));
    throw new StreamError('REFUSED', `connect/${name}.json: ${first.field}: ${oneLine(first.error)}${more}`, {
      next: meant ?? 'Nothing was applied. Correct the file, or what it connects to, and apply again',
    });
  }
};

/** Line breaks and long enumerations of Java's are no sentence. */
const oneLine = (text: string): string => {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
};

/** What applying these would do. */
export const planFiles = async (worker: Worker, files: readonly ConnectorFile[]): Promise<Planned[]> => {
  const running = await worker.connectors();
  return files.map((file) => planned(file, running[file.name]?.info.config));
};

/** Tasks are there within a second or two. */
const RUNNING_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 200;

/**
 * Validates, then gives Connect what it lacks or has otherwise, and waits until each of these connectors runs. What is as
 * it should be stays untouched.
 *
 * @returns what was done
 * @throws StreamError REFUSED for a configuration Connect does not take, SERVICE_FAILED for a connector that fails
 */
export const applyFiles = async (worker: Worker, files: readonly ConnectorFile[]): Promise<Planned[]> => {
  await validateFiles(worker, files);
  const plan = await planFiles(worker, files);
  for (const { name, change } of plan) {
    const file = files.find((each) => each.name === name);
    if (change !== 'none' && file !== undefined) await worker.put(name, file.config);
  }
  await untilRunning(
    worker,
    plan.filter(({ change }) => change !== 'none').map(({ name }) => name),
  );
  return plan;
};

/** @throws StreamError SERVICE_FAILED for one that has failed or does not come */
export const untilRunning = async (worker: Worker, names: readonly string[]): Promise<void> => {
  let waiting = [...names];
  for (const end = Date.now() + RUNNING_WITHIN_MS; waiting.length > 0; await delay(LOOK_EVERY_MS)) {
    const known = await worker.connectors();
    const left: string[] = [];
    for (const name of waiting) {
      const status = known[name]?.status;
      const state = status === undefined ? 'UNASSIGNED' : stateOf(status);
      if (state === 'FAILED') throw failureOf(name, status);
      if (!SETTLED.includes(state)) left.push(name);
    }
    waiting = left;
    if (waiting.length > 0 && Date.now() > end) {
      throw new StreamError('SERVICE_FAILED', `These connectors do not begin to run: ${waiting.join(', ')}.`, {
        next: 'The worker’s log may tell why: ./stream-manager.sh logs connect',
      });
    }
  }
};

/** A connector that somebody has paused or stopped is as it is meant to be. */
const SETTLED = ['RUNNING', 'PAUSED', 'STOPPED'];

const failureOf = (name: string, status: ConnectorStatus | undefined): StreamError => {
  const trace = [status?.connector, ...(status?.tasks ?? [])].find((part) => part?.state === 'FAILED')?.trace ?? '';
  return new StreamError('SERVICE_FAILED', `The connector ${name} has failed: ${faultOfTrace(trace)}`, {
    next: `In full: ./stream-manager.sh connectors status ${name} --trace`,
  });
};
