import { type Headers, headerText, letterId, REDRIVE_HEADER } from '../../lib/events/index.ts';

/** What a record's headers tell of its having been put back. */
export interface Trace {
  readonly id: string;
  readonly redriveCount: number;
}

const REDRIVE_HEADERS: ReadonlySet<string> = new Set(Object.values(REDRIVE_HEADER));

const ID = /^[\w.@-]{1,300}$/;

/** Which letter a record belongs to: that of the place it lies at, or, when it was put back, that of the place before. */
export const traceOf = (headers: Headers, topic: string, partition: number, offset: number): Trace => {
  const count = Number(headerText(headers, REDRIVE_HEADER.count) ?? 0);
  const of = headerText(headers, REDRIVE_HEADER.of);
  const isSound = of !== undefined && ID.test(of) && Number.isSafeInteger(count) && count > 0;
  return isSound ? { id: of, redriveCount: count } : { id: letterId(topic, partition, offset), redriveCount: 0 };
};

/** A record's own headers, without the trace of its having been put back. */
export const ownHeaders = (headers: Headers): Headers => headers.filter(([name]) => !REDRIVE_HEADERS.has(name));
