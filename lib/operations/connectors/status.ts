import { StreamError } from '../../errors.ts';
import { suggestion } from '../nearest.ts';
import type { ConnectorStatus, Worker } from './worker.ts';

/** A connector, as people want to see it. */
export interface ConnectorSummary {
  readonly name: string;
  /** `source` or `sink`. */
  readonly type: string;
  /** The worst of the connector's own state and its tasks', in Connect's words. */
  readonly state: string;
  readonly tasks: readonly TaskSummary[];
  /** The connector's own failure in one line, and its stack trace. */
  readonly fault: string | null;
  readonly trace: string | null;
}

export interface TaskSummary {
  readonly id: number;
  readonly state: string;
  readonly fault: string | null;
  readonly trace: string | null;
}

/** What is worse stands further in front. */
const WORST_FIRST = ['FAILED', 'UNASSIGNED', 'RESTARTING', 'STOPPED', 'PAUSED', 'RUNNING'];

/** The worst state of a connector and its tasks. One without a task is not at work yet. */
export const stateOf = ({ connector, tasks }: Pick<ConnectorStatus, 'connector' | 'tasks'>): string => {
  const states = [connector.state, ...tasks.map(({ state }) => state)];
  if (tasks.length === 0 && connector.state === 'RUNNING') return 'UNASSIGNED';
  return WORST_FIRST.find((state) => states.includes(state)) ?? connector.state;
};

const EXCEPTION = /^(?:Caused by: )?(?:[\w$.]+\.)?([\w$]+(?:Exception|Error))(?:: (.*))?$/;

/**
 * What a Java stack trace comes down to, in one line: the message of the innermost cause that has one, and what kind of
 * error it is.
 */
export const faultOfTrace = (trace: string): string => {
  const causes = trace.split('\n').flatMap((line) => {
    const [found, kind, message] = EXCEPTION.exec(line.trimEnd()) ?? [];
    return found === undefined ? [] : [{ kind, message: message?.trim() ?? '' }];
  });
  const last = causes.findLast(({ message }) => message !== '') ?? causes.at(-1);
  if (last === undefined) return trace.split('\n')[0]?.trim() ?? '';
  return last.message === '' ? `${last.kind}` : `${last.message} (${last.kind})`;
};

const part = ({ state, trace }: { readonly state: string; readonly trace?: string }) => ({
  state,
  fault: trace === undefined ? null : faultOfTrace(trace),
  trace: trace ?? null,
});

const summaryOf = (name: string, status: ConnectorStatus): ConnectorSummary => {
  const { fault, trace } = part(status.connector);
  return {
    name,
    type: status.type,
    state: stateOf(status),
    tasks: status.tasks.map((task) => ({ id: task.id, ...part(task) })),
    fault,
    trace,
  };
};

/** A connector without its stack traces, which are for people who ask for them. */
export type BriefConnector = Omit<ConnectorSummary, 'trace' | 'tasks'> & {
  readonly tasks: readonly Omit<TaskSummary, 'trace'>[];
};

export const withoutTraces = ({ trace: _, tasks, ...rest }: ConnectorSummary): BriefConnector => ({
  ...rest,
  tasks: tasks.map(({ trace: __, ...task }) => task),
});

/** The first thing that has failed of a connector, in one line; null when nothing has. */
export const whyFailed = ({ fault, tasks }: BriefConnector): string | null =>
  fault ?? tasks.find((task) => task.fault !== null)?.fault ?? null;

/** All connectors by name. */
export const listConnectors = async (worker: Worker): Promise<ConnectorSummary[]> =>
  Object.entries(await worker.connectors())
    .map(([name, { status }]) => summaryOf(name, status))
    .sort((a, b) => a.name.localeCompare(b.name));

/** @throws StreamError NOT_FOUND with the nearest name */
export const requireConnector = async (worker: Worker, name: string): Promise<ConnectorSummary> => {
  const all = await listConnectors(worker);
  const found = all.find((each) => each.name === name);
  if (found !== undefined) return found;
  throw new StreamError('NOT_FOUND', `There is no connector ${name}.`, {
    next:
      suggestion(
        name,
        all.map((each) => each.name),
      ) ?? 'See them all: ./stream-manager.sh connectors list',
  });
};
