/** An event of a stream of Server-Sent Events. */
export interface ServerEvent {
  readonly type: string;
  readonly data: string;
}

/** What a stream has said so far, beside its events. */
export interface ParserState {
  /** The last id, with or without an event of its own. */
  lastEventId: string | undefined;
  /** Milliseconds the server wants a client to wait before it comes back. */
  retryMs: number | undefined;
}

/**
 * A parser of event streams (HTML, 9.2.6) that is given text as it arrives, cut anywhere.
 *
 * @param state is kept up to date; an id counts when its event is complete, so that one that was cut off comes again
 */
export const openParser = (state: ParserState): ((text: string) => ServerEvent[]) => {
  let rest = '';
  let id = state.lastEventId;
  let type = '';
  let data: string[] = [];

  const fieldOf = (line: string): void => {
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (name === 'data') data.push(value);
    else if (name === 'event') type = value;
    else if (name === 'id' && !value.includes('\0')) id = value;
    else if (name === 'retry' && /^\d+$/.test(value)) state.retryMs = Number(value);
  };

  return (text) => {
    const events: ServerEvent[] = [];
    const lines = (rest + text).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line !== '') {
        fieldOf(line);
        continue;
      }
      state.lastEventId = id;
      if (data.length > 0) events.push({ type: type === '' ? 'message' : type, data: data.join('\n') });
      type = '';
      data = [];
    }
    return events;
  };
};
