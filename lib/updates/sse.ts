/** An entry of a user's stream: its id, and its fields and their values in turn. */
export type StreamEntry = readonly [id: string, fields: readonly string[]];

/** Why a connection is closed by this side; the client comes back, with a new token where that is the reason. */
export type ClosingReason =
  /** Its token has expired. */
  | 'expired'
  /** The client has taken nothing for too long while there was something to take. */
  | 'slow'
  /** The server goes down, or makes room. */
  | 'shutdown';

/** Milliseconds after which a browser comes back by itself when a connection is lost. */
const RETRY_MS = 2_000;

/** Line ends separate fields of an event; within JSON they can only stand between tokens. */
const onOneLine = (text: string): string => text.replace(/[\r\n]+/g, ' ');

/** A comment, which clients pass over: it keeps what lies between awake, and finds connections whose other end is gone. */
export const HEARTBEAT = ':\n\n';

/**
 * The first thing on a connection: an id without data, which EventSource keeps without dispatching anything
 * (HTML, 9.2.6). A connection that is lost before the first update resumes where it began.
 */
export const openingText = (cursor: string): string => `retry: ${RETRY_MS}\nid: ${cursor}\n\n`;

/** An update: `id` is the entry's, `event` the type, `data` JSON of id, type, at and data. */
export const updateText = ([entryId, fields]: StreamEntry): string => {
  const textOf = (name: string): string => {
    for (let i = 0; i < fields.length; i += 2) if (fields[i] === name) return fields[i + 1] ?? '';
    return '';
  };
  const type = onOneLine(textOf('type'));
  const [id, named, at] = [textOf('id'), type, textOf('at')].map((text) => JSON.stringify(text));
  const data = onOneLine(textOf('data')) || '{}';
  return `id: ${entryId}\nevent: ${type}\ndata: {"id":${id},"type":${named},"at":${at},"data":${data}}\n\n`;
};

/**
 * Some updates after `after` are not there any more: the client loads afresh what it shows.
 *
 * @param resumeAt where it goes on, where no entry that follows says so
 */
export const gapText = (after: string, resumeAt?: string): string =>
  `${resumeAt === undefined ? '' : `id: ${resumeAt}\n`}event: gap\ndata: ${JSON.stringify({ after })}\n\n`;

/** @param retryMs after how long the client is to come back, milliseconds */
export const closingText = (reason: ClosingReason, retryMs: number): string =>
  `retry: ${retryMs}\nevent: closing\ndata: ${JSON.stringify({ reason })}\n\n`;
