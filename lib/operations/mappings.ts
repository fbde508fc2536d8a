import { messageOf, StreamError, TransientError } from '../errors.ts';

/** One event source mapping of the local functions host, as `GET /health` tells it. */
export interface MappingState {
  readonly topic: string;
  readonly group: string;
  readonly state: string;
}

const PAUSE_TIMEOUT_MS = 60_000;

const call = async (hostUrl: string, method: string, path: string): Promise<Response> => {
  try {
    return await fetch(new URL(path, hostUrl), { method, signal: AbortSignal.timeout(PAUSE_TIMEOUT_MS) });
  } catch (error) {
    throw new TransientError(
      'SERVICE_FAILED',
      `The functions host does not answer at ${hostUrl}: ${messageOf(error)}.`,
      {
        next: 'See ./stream-manager.sh health',
        cause: error,
      },
    );
  }
};

const order = async (hostUrl: string, topic: string, what: 'pause' | 'resume'): Promise<void> => {
  const answer = await call(hostUrl, 'POST', `/mappings/${encodeURIComponent(topic)}/${what}`);
  if (answer.ok) return;
  const reason = (await answer.text()).trim();
  throw new StreamError(
    answer.status === 404 ? 'NOT_FOUND' : 'SERVICE_FAILED',
    answer.status === 404
      ? `The local functions have no mapping for topic ${topic}, so there is nothing to ${what}.`
      : `The functions host could not ${what} the mapping of ${topic}: ${reason || answer.status}.`,
  );
};

/**
 * Runs `work` while the local mapping of a topic is paused, and resumes it whatever happens.
 *
 * @param hostUrl the functions host, e.g. `http://127.0.0.1:9001`; it answers a pause once the consumer has left its group
 * @throws StreamError SERVICE_FAILED when the host does not answer, NOT_FOUND when it has no mapping of the topic
 */
export const whilePaused = async <Result>(
  hostUrl: string,
  topic: string,
  work: () => Promise<Result>,
): Promise<Result> => {
  await order(hostUrl, topic, 'pause');
  try {
    return await work();
  } finally {
    await order(hostUrl, topic, 'resume');
  }
};

/**
 * Topics whose local mapping is paused by request.
 *
 * @throws TransientError SERVICE_FAILED when the host does not answer
 */
export const pausedTopics = async (hostUrl: string): Promise<readonly string[]> => {
  const answer = await call(hostUrl, 'GET', '/health');
  const { mappings }: { readonly mappings: readonly MappingState[] } = JSON.parse(await answer.text());
  return mappings.filter(({ state }) => state === 'paused').map(({ topic }) => topic);
};

/**
 * Runs `work` while the local mappings of all topics rest, and lets them go on whatever happens, but for those
 * that were paused before. Each ends its batch first.
 *
 * @throws StreamError SERVICE_FAILED when the host does not answer
 */
export const whileAllPaused = async <Result>(hostUrl: string, work: () => Promise<Result>): Promise<Result> => {
  const answer = await call(hostUrl, 'GET', '/metrics.json');
  const { mappings }: Metrics = JSON.parse(await answer.text());
  const paused = await pausedTopics(hostUrl);
  const topics = mappings.map(({ topic }) => topic).filter((topic) => !paused.includes(topic));
  try {
    await Promise.all(topics.map((topic) => order(hostUrl, topic, 'pause')));
    return await work();
  } finally {
    await Promise.all(topics.map((topic) => order(hostUrl, topic, 'resume')));
  }
};

/**
 * How many invocations of local functions have ended in an error since the host began, by topic.
 *
 * @param hostUrl the functions host
 * @throws TransientError SERVICE_FAILED when it does not answer
 */
export const invokeErrors = async (hostUrl: string): Promise<ReadonlyMap<string, number>> => {
  const answer = await call(hostUrl, 'GET', '/metrics.json');
  const { mappings }: Metrics = JSON.parse(await answer.text());
  return new Map(mappings.map(({ topic, ErrorCount }) => [topic, ErrorCount.InvokeErrorCount ?? 0]));
};

interface Metrics {
  readonly mappings: readonly { readonly topic: string; readonly ErrorCount: Readonly<Record<string, number>> }[];
}
