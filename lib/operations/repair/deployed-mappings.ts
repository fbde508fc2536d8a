import { setTimeout as delay } from 'node:timers/promises';
import {
  GetEventSourceMappingCommand,
  LambdaClient,
  ResourceConflictException,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { GetParametersByPathCommand, SSMClient } from '@aws-sdk/client-ssm';
import { deployedNames, type EnvironmentName, type TopicName } from '../../catalog/index.ts';
import { messageOf, StreamError, TransientError } from '../../errors.ts';
import { foundSideBySide, sideBySide } from '../../side-by-side.ts';

/** A mapping takes a minute or two to change its state (Lambda Developer Guide, "Event source mapping states"). */
const LOOK_MS = 3_000;
const WITHIN_MS = 10 * 60_000;
/** Lambda takes some ten requests a second of an account for its control plane. */
const AT_ONCE = 4;

/** What is to be switched, and how long a look takes: tests look more often. */
export interface DeployedMappings {
  readonly environment: EnvironmentName;
  readonly topics: readonly TopicName[];
  readonly lookMs?: number;
}

/**
 * Runs `work` while the event source mappings of topics are disabled, and enables them whatever happens. One that was
 * disabled before is enabled as well: without it nothing is replayed.
 *
 * @throws StreamError NOT_FOUND where the Parameter Store names no mapping of a topic, REFUSED where AWS says no, TIMED_OUT
 * when a mapping does not come to rest
 */
export const whileDisabled = async <Result>(
  { environment, topics, lookMs = LOOK_MS }: DeployedMappings,
  work: () => Promise<Result>,
): Promise<Result> => {
  const lambda = new LambdaClient({ maxAttempts: 5 });
  try {
    const ids = await mappingIds(environment, topics);
    const change = (state: State): Promise<void> =>
      sideBySide([...ids], AT_ONCE, ([topic, id]) => switched(lambda, { topic, id, state, lookMs }));
    try {
      await change('Disabled');
      return await work();
    } finally {
      await change('Enabled');
    }
  } catch (error) {
    throw failureOf(error);
  } finally {
    lambda.destroy();
  }
};

type State = 'Enabled' | 'Disabled';

const mappingIds = async (
  environment: EnvironmentName,
  topics: readonly TopicName[],
): Promise<ReadonlyMap<TopicName, string>> => {
  const names = deployedNames(environment);
  const ssm = new SSMClient({ maxAttempts: 2 });
  try {
    const path = names.parameter(`mapping/${topics[0] ?? 'analytics-events'}`).replace(/\/[^/]+$/, '');
    const found = new Map<string, string>();
    for (let token: string | undefined; ; ) {
      const { Parameters = [], NextToken } = await ssm.send(
        new GetParametersByPathCommand({ Path: path, NextToken: token }),
      );
      for (const { Name = '', Value = '' } of Parameters) found.set(Name, Value);
      if (NextToken === undefined) break;
      token = NextToken;
    }
    return new Map(
      await foundSideBySide(topics, topics.length, async (topic): Promise<[TopicName, string]> => {
        const id = found.get(names.parameter(`mapping/${topic}`));
        if (id !== undefined) return [topic, id];
        throw new StreamError('NOT_FOUND', `The Parameter Store has no mapping of ${topic}: ${path}/${topic}.`, {
          next: 'Deploy the stack consumers, or leave the topic out with --topics',
        });
      }),
    );
  } finally {
    ssm.destroy();
  }
};

interface Switch {
  readonly topic: string;
  readonly id: string;
  readonly state: State;
  readonly lookMs: number;
}

const switched = async (lambda: LambdaClient, { topic, id, state, lookMs }: Switch): Promise<void> => {
  let isAsked = false;
  for (const end = Date.now() + WITHIN_MS; Date.now() < end; await delay(lookMs)) {
    const { State: now = '' } = await lambda.send(new GetEventSourceMappingCommand({ UUID: id }));
    if (now === state) return;
    // While it changes, a change is refused.
    if (isAsked || !RESTING.includes(now)) continue;
    isAsked = await asked(lambda, id, state === 'Enabled');
  }
  throw new TransientError('TIMED_OUT', `The mapping of ${topic} (${id}) is not ${state.toLowerCase()} after 10 min.`, {
    next: 'See aws lambda get-event-source-mapping; then run the same again: it continues, and enables all mappings',
  });
};

const RESTING: readonly string[] = ['Enabled', 'Disabled'];

/** @returns false while something else changes it */
const asked = async (lambda: LambdaClient, id: string, enabled: boolean): Promise<boolean> => {
  try {
    await lambda.send(new UpdateEventSourceMappingCommand({ UUID: id, Enabled: enabled }));
    return true;
  } catch (error) {
    if (
      error instanceof ResourceConflictException ||
      (error instanceof Error && error.name === 'ResourceInUseException')
    )
      return false;
    throw error;
  }
};

const failureOf = (error: unknown): unknown => {
  if (error instanceof StreamError || !(error instanceof Error)) return error;
  if (!/AccessDenied|NotAuthorized/.test(error.name)) return error;
  return new StreamError('REFUSED', `AWS does not let these credentials switch the mappings: ${messageOf(error)}`, {
    next: 'They need ssm:GetParametersByPath on /qr/ENV/mapping, lambda:GetEventSourceMapping and lambda:UpdateEventSourceMapping',
    cause: error,
  });
};
