import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openParser, type ParserState, type ServerEvent } from '../../../lib/updates/client/parser.ts';
import { compareIds, isEntryId } from '../../../lib/updates/entry-id.ts';
import { closingText, gapText, HEARTBEAT, openingText, updateText } from '../../../lib/updates/sse.ts';

const parsed = (...parts: readonly string[]): { events: ServerEvent[]; state: ParserState } => {
  const state: ParserState = { lastEventId: undefined, retryMs: undefined };
  const parse = openParser(state);
  return { events: parts.flatMap(parse), state };
};

const part = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const id = fc.tuple(part, part);

describe('entry ids', () => {
  it('come in the order of their numbers, of whatever length', () => {
    fc.assert(
      fc.property(id, id, ([a, b], [c, d]) => {
        const expected = a === c ? b - d : a - c;
        const actual = compareIds(`${a}-${b}`, `${c}-${d}`);
        expect(Math.sign(actual)).toBe(expected === 0n ? 0 : expected < 0n ? -1 : 1);
      }),
    );
  });

  it('are told from everything else', () => {
    expect(['0-0', '1795545468868-12', '18446744073709551615-18446744073709551615'].every(isEntryId)).toBe(true);
    // Redis has 64 bits for each part.
    for (const id of ['99999999999999999999-0', '18446744073709551616-0', '0-18446744073709551616', '01-0', '1-00'])
      expect([id, isEntryId(id)]).toEqual([id, false]);
    expect(['', '1', '1-', '-1', '1-2-3', ' 1-2', '1-2\n', '+', 'x', '1e3-0'].some(isEntryId)).toBe(false);
  });
});

describe('an event stream', () => {
  const update = fc.record({
    type: fc.string(),
    id: fc.string(),
    at: fc.string(),
    data: fc.dictionary(fc.string(), fc.string()),
  });

  it('hands over every update as it was, wherever the network cuts it, whatever is in it', () => {
    fc.assert(
      fc.property(fc.array(update, { maxLength: 4 }), fc.array(fc.nat(400), { maxLength: 6 }), (updates, cuts) => {
        const text = updates
          .map(({ type, id: own, at, data }, i) => {
            const fields = ['type', type, 'id', own, 'at', at, 'data', JSON.stringify(data)];
            return HEARTBEAT + updateText([`${i + 1}-0`, fields]);
          })
          .join('');
        const at = [0, ...cuts.map((cut) => Math.min(cut, text.length)).sort((a, b) => a - b), text.length];
        const parts = at.slice(1).map((end, i) => text.slice(at[i], end));
        const { events, state } = parsed(...parts);
        // A line end cannot stand in the name of an event.
        const named = updates.map((one) => ({ ...one, type: one.type.replace(/[\r\n]+/g, ' ') }));
        expect(events.map(({ data }) => JSON.parse(data))).toEqual(named);
        if (updates.length > 0) expect(state.lastEventId).toBe(`${updates.length}-0`);
      }),
    );
  });

  it('says where it begins before anything has happened, and when to come back', () => {
    expect(parsed(openingText('5-1'))).toEqual({ events: [], state: { lastEventId: '5-1', retryMs: 2_000 } });
    const closing = parsed(openingText('5-1'), closingText('shutdown', 700));
    expect(closing.state).toEqual({ lastEventId: '5-1', retryMs: 700 });
    expect(closing.events).toEqual([{ type: 'closing', data: '{"reason":"shutdown"}' }]);
  });

  it('says of a gap what was the last before it, and moves on only where nothing follows', () => {
    expect(parsed(openingText('5-1'), gapText('5-1'))).toMatchObject({
      events: [{ type: 'gap', data: '{"after":"5-1"}' }],
      state: { lastEventId: '5-1' },
    });
    expect(parsed(openingText('5-1'), gapText('5-1', '0-0')).state.lastEventId).toBe('0-0');
  });

  it('does not count an id whose event was cut off', () => {
    expect(parsed('id: 1-0\ndata: a\n\nid: 2-0\ndata: b\n').state.lastEventId).toBe('1-0');
  });

  it('is read with any of the line ends of the standard', () => {
    const { events } = parsed('event: a\r\ndata: 1\r', '\n\r', '\ndata: 2\ndata:3\n\n: nothing\ndata\n\n');
    expect(events).toEqual([
      { type: 'a', data: '1' },
      { type: 'message', data: '2\n3' },
      { type: 'message', data: '' },
    ]);
  });
});
