import { describe, expect, it } from 'vitest';
import { openUpdatesClient, type Update } from '../../../lib/updates/client/index.ts';
import { openRepeats } from '../../../lib/updates/client/repeats.ts';
import { waitingMs } from '../../../lib/updates/client/waiting.ts';
import { until } from '../../support/until.ts';

const update = (entry: string, id: string): string =>
  `id: ${entry}\nevent: t\ndata: {"id":"${id}","type":"t","at":"","data":{}}\n\n`;

/** Answers in turn; the last one stays. What it was asked with is kept. */
const openClient = (answers: readonly (() => Response)[], options: { lastEventId?: string } = {}) => {
  const asked: Record<string, string>[] = [];
  const seen: Update[] = [];
  const log: string[] = [];
  const tokens: boolean[] = [];
  const client = openUpdatesClient({
    ...options,
    url: 'http://updates.test/updates',
    fetch: async (_url, init) => {
      asked.push(Object.fromEntries(new Headers(init?.headers)));
      const answer = answers[Math.min(asked.length, answers.length) - 1];
      if (answer === undefined) throw new Error('no answer');
      return answer();
    },
    token: (isRefused) => {
      tokens.push(isRefused);
      return `token-${tokens.length}`;
    },
    onUpdate: (one) => seen.push(one),
    onGap: () => log.push('gap'),
    onState: (state, message) => log.push(message === undefined ? state : `${state}: ${message}`),
  });
  return { client, asked, seen, log, tokens };
};
const stream = (text: string) => (): Response => new Response(`retry: 1\n\n${text}`);
const open = (): Response => new Response(new ReadableStream());
const refusal =
  (status: number, headers: Record<string, string> = {}) =>
  (): Response =>
    Response.json({ message: `no: ${status}` }, { status, headers });

describe('the client of pages', () => {
  it('comes back with the last id and a token of its own, and drops what it has had', async () => {
    const { client, asked, seen, log } = openClient([
      stream(update('1-0', 'a') + update('2-0', 'b') + update('3-0', 'b')),
      stream(update('4-0', 'a') + update('5-0', 'c')),
      open,
    ]);
    await until('it is open for good', () => asked.length === 3 && log.at(-1) === 'open');
    expect(seen.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(asked.map((headers) => [headers['last-event-id'], headers.authorization])).toEqual([
      [undefined, 'Bearer token-1'],
      ['3-0', 'Bearer token-2'],
      ['5-0', 'Bearer token-3'],
    ]);
    expect(client.lastEventId).toBe('5-0');
    client.close();
    await until('it has stopped', () => log.at(-1) === 'stopped');
  });

  it('tells of a gap, and not of the server’s own business', async () => {
    const text = 'event: gap\ndata: {"after":"1-0"}\n\nevent: closing\ndata: {"reason":"expired"}\n\n';
    const { client, seen, log, asked } = openClient([stream(text), open], { lastEventId: '1-0' });
    await until('it is back', () => asked.length === 2);
    client.close();
    expect(asked[0]?.['last-event-id']).toBe('1-0');
    expect([seen, log.filter((one) => one === 'gap')]).toEqual([[], ['gap']]);
  });

  it('asks for a new token when one is refused', async () => {
    const { client, tokens } = openClient([stream(''), refusal(401), open]);
    await until('it is back', () => tokens.length === 3);
    client.close();
    expect(tokens).toEqual([false, false, true]);
  });

  it('stops where it may not read, with the sentence of the server', async () => {
    const { log } = openClient([refusal(403)]);
    await until('it has stopped', () => log.includes('stopped: no: 403'));
  });

  it('forgets an id that the server does not take, and tells of a gap', async () => {
    const { client, asked, log } = openClient([stream(update('x', 'a')), refusal(400), open]);
    await until('it is back', () => asked.length === 3);
    client.close();
    expect(asked.map((headers) => headers['last-event-id'])).toEqual([undefined, 'x', undefined]);
    expect(log).toContain('gap');
  });
});

describe('waiting', () => {
  it('doubles up to half a minute, never all at once, and never less than the server asks for', () => {
    const waits = [1, 2, 3, 10].map((failures) => waitingMs({ failures, retryMs: 1_000, retryAfterMs: undefined }, 1));
    expect(waits).toEqual([1_000, 2_000, 4_000, 30_000]);
    expect(waitingMs({ failures: 2, retryMs: 1_000, retryAfterMs: undefined }, 0)).toBe(1_000);
    expect(waitingMs({ failures: 1, retryMs: 1_000, retryAfterMs: 9_000 }, 0)).toBe(9_000);
  });
});

describe('repeats', () => {
  it('are known among the last thousand', () => {
    const isRepeat = openRepeats();
    const ids = Array.from({ length: 1_001 }, (_, i) => String(i));
    expect(ids.map(isRepeat).some(Boolean)).toBe(false);
    expect([isRepeat('1000'), isRepeat('2'), isRepeat('0')]).toEqual([true, true, false]);
  });
});
