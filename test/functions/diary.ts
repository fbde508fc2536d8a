import type { Context, MSKEvent } from 'aws-lambda';
import { Redis } from 'ioredis';

/** What a test's record says, as JSON: what the functions of this folder do with it. */
export interface Instruction {
  readonly n?: number;
  /** Fails so many times before it is worked. */
  readonly failTimes?: number;
  /** Milliseconds the batch takes because of it. */
  readonly delayMs?: number;
  readonly exit?: boolean;
  readonly hang?: boolean;
}

/** A record as a function saw it. */
export interface Seen {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly value: Instruction;
}

/** One call of a function, as it is kept in Redis. */
export interface Entry {
  readonly pid: number;
  readonly requestId: string;
  readonly at: number;
  readonly records: readonly Seen[];
}

/** Key of the list of calls of a topic's function. */
export const diaryKey = (topic: string): string => `test:diary:{${topic}}`;

const redis = new Redis(process.env.REDIS_URL ?? '', { lazyConnect: true });

export const seenIn = (event: MSKEvent): Seen[] =>
  Object.values(event.records).flatMap((records) =>
    records.map(({ topic, partition, offset, value }) => ({
      topic,
      partition,
      offset,
      value: value === null || value.length > 10_000 ? {} : JSON.parse(Buffer.from(value, 'base64').toString()),
    })),
  );

/** Writes a call down, before anything else happens to it. */
export const note = async (event: MSKEvent, context: Context): Promise<Seen[]> => {
  const records = seenIn(event);
  const entry: Entry = { pid: process.pid, requestId: context.awsRequestId, at: Date.now(), records };
  await redis.rpush(diaryKey(context.functionName), JSON.stringify(entry));
  return records;
};

/** Counts a try of each record that is to fail. @returns those that fail this time */
export const failuresOf = async (records: readonly Seen[]): Promise<Seen[]> => {
  const failed: Seen[] = [];
  for (const record of records) {
    const { topic, partition, offset, value } = record;
    if (value.failTimes === undefined) continue;
    const tries = await redis.incr(`test:tries:{${topic}}:${partition}:${offset}`);
    if (tries <= value.failTimes) failed.push(record);
  }
  return failed;
};
