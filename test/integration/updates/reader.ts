import { Agent, get } from 'node:http';
import { openParser, type ParserState } from '../../../lib/updates/client/parser.ts';

/** The least that reads: it comes back at once with the last id it has, as often as it must. A thousand cost little. */
export const openReader = (
  url: string,
  token: string,
  onEvent: (type: string, data: string) => void,
): { readonly isOpen: () => boolean; close(): void } => {
  const agent = new Agent({ keepAlive: false });
  const state: ParserState = { lastEventId: undefined, retryMs: undefined };
  let isOpen = false;
  let isClosed = false;
  let cut = (): void => undefined;
  const connect = (): void => {
    if (isClosed) return;
    const headers = {
      authorization: `Bearer ${token}`,
      ...(state.lastEventId === undefined ? {} : { 'last-event-id': state.lastEventId }),
    };
    const again = (): void => {
      isOpen = false;
      setTimeout(connect, 50 + Math.random() * 200);
    };
    let isAnswered = false;
    const request = get(url, { agent, headers }, (response) => {
      isAnswered = true;
      isOpen = response.statusCode === 200;
      const parse = openParser(state);
      response.setEncoding('utf8').on('data', (text: string) => {
        if (isOpen) for (const { type, data } of parse(text)) onEvent(type, data);
      });
      response.on('error', () => undefined);
      response.on('close', again);
    });
    request.on('error', () => {
      if (!isAnswered) again();
    });
    cut = () => request.destroy();
  };
  connect();
  return {
    isOpen: () => isOpen,
    close: () => {
      isClosed = true;
      cut();
    },
  };
};
