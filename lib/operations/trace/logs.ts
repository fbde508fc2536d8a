import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** A line that a function has logged about what is traced. */
export interface SeenLine {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly function: string;
  readonly level: string;
  readonly message: string;
  readonly eventId: string | null;
  /** Position of the record it is about, `topic/partition/offset`. */
  readonly record: string | null;
  readonly reason: string | null;
}

/** Log of a function on this machine. */
export interface FunctionLog {
  readonly function: string;
  readonly path: string;
}

const textIn = (fields: ReadonlyMap<string, unknown>, name: string): string | null => {
  const value = fields.get(name);
  return typeof value === 'string' ? value : null;
};

/** A line of structured JSON as Powertools writes it, if it is about one of these ids. */
export const lineOf = (name: string, text: string, ids: ReadonlySet<string>): SeenLine | undefined => {
  const from = text.indexOf('{');
  if (from < 0) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text.slice(from));
  } catch {
    return undefined;
  }
  const fields = new Map<string, unknown>(typeof value === 'object' && value !== null ? Object.entries(value) : []);
  const [eventId, correlationId] = [textIn(fields, 'eventId'), textIn(fields, 'correlationId')];
  const time = Date.parse(textIn(fields, 'timestamp') ?? '');
  if (![eventId, correlationId].some((id) => id !== null && ids.has(id)) || Number.isNaN(time)) return undefined;
  return {
    ...{ at: new Date(time).toISOString(), function: name, eventId },
    level: textIn(fields, 'level') ?? 'INFO',
    message: textIn(fields, 'message') ?? '',
    record: textIn(fields, 'record'),
    reason: textIn(fields, 'reason'),
  };
};

/** What functions on this machine have logged about these ids since a time. Logs that are not there are left out. */
export const linesAbout = async (
  logs: readonly FunctionLog[],
  ids: ReadonlySet<string>,
  since: number,
): Promise<readonly SeenLine[]> => {
  const found: SeenLine[] = [];
  const list = [...ids];
  for (const { function: name, path } of logs) {
    try {
      for await (const text of createInterface({ input: createReadStream(path) })) {
        const line = list.some((id) => text.includes(id)) ? lineOf(name, text, ids) : undefined;
        if (line !== undefined && Date.parse(line.at) >= since) found.push(line);
      }
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
  }
  return found;
};
