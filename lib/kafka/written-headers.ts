import type { IHeaders } from 'kafkajs';
import type { RecordHeaders } from './record.ts';

const written = new WeakMap<object, RecordHeaders>();

/**
 * Headers as kafkajs's producer takes them: an object that it hands on untouched, behind which our encoder finds the list.
 * An object's own keys could neither repeat, keep their order when they look like numbers, nor have every name.
 */
export const headersToWrite = (headers: RecordHeaders): IHeaders => {
  const token: IHeaders = {};
  written.set(token, headers);
  return token;
};

/** The list behind such an object, or the headers of one that was filled by name. */
export const headersWritten = (headers: IHeaders | undefined): RecordHeaders => {
  if (headers === undefined) return [];
  const list = written.get(headers);
  if (list !== undefined) return list;
  return Object.entries(headers).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one) => [name, one === undefined ? null : Buffer.from(one)] as const),
  );
};
