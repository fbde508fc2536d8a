import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REDACTED, withoutSecrets } from '../../../handlers/audit-logs/redaction.ts';
import { canonical, GENESIS, linesOf, linkOf, type Segment, segmentOf } from '../../../handlers/audit-logs/segment.ts';
import { openChainCheck, verifyPartition } from '../../../handlers/audit-logs/verification.ts';

const records = (...offsets: number[]) => offsets.map((offset) => ({ offset, actor: `user-${offset}`, at: 'now' }));

/** Three segments, with gaps between offsets. */
const chain = (): readonly [Segment, Segment, Segment] => {
  const one = segmentOf('audit/', 0, records(3, 4, 9), GENESIS);
  const two = segmentOf('audit/', 0, records(12, 13, 20), linkOf(one));
  const three = segmentOf('audit/', 0, records(21, 30, 31), linkOf(two));
  return [one, two, three];
};
const [one, two, three] = chain();
const head = linkOf(three);

/** A segment with its lines changed, packed again. */
const withLines = ({ key, bytes }: Segment, change: (lines: unknown[]) => unknown[]): Segment => ({
  key,
  bytes: gzipSync(
    `${change([...linesOf(bytes)])
      .map(canonical)
      .join('\n')}\n`,
  ),
});

describe('a chain of segments', () => {
  it('is the same bytes for the same records, whatever the order of their members', () => {
    const again = segmentOf('audit/', 0, [{ at: 'now', actor: 'user-3', offset: 3 }, ...records(4, 9)], GENESIS);
    expect(again).toEqual(one);
  });

  it('is right as it was written, in whatever order it is listed', () => {
    expect(verifyPartition([three, one, two], head)).toEqual([]);
  });

  it('shows every single byte that was changed', () => {
    const byte = fc.record({ segment: fc.nat(2), at: fc.nat(), flip: fc.integer({ min: 1, max: 255 }) });
    fc.assert(
      fc.property(byte, ({ segment, at, flip }) => {
        const changed = [one, two, three].map(({ key, bytes }, i) => {
          const copy = Buffer.from(bytes);
          const place = at % copy.length;
          if (i === segment) copy[place] = (copy[place] ?? 0) ^ flip;
          return { key, bytes: copy };
        });
        expect(verifyPartition(changed, head)).not.toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('shows a missing segment by its name, at the start, within and at the end', () => {
    expect(verifyPartition([two, three], head)).toMatchObject([{ kind: 'missing', segment: one.key }]);
    expect(verifyPartition([one, three], head)).toMatchObject([{ kind: 'missing', segment: two.key }]);
    expect(verifyPartition([one, two], head)).toMatchObject([{ kind: 'missing', segment: three.key }]);
    expect(verifyPartition([], head)).toMatchObject([{ kind: 'missing', segment: three.key }]);
  });

  it('goes on where offsets begin anew, in a run that sorts after the ones before', () => {
    const anew = segmentOf('audit/', 0, records(0, 1), head);
    const next = segmentOf('audit/', 0, records(5), linkOf(anew));
    expect([one, two, three, anew, next].map(({ key }) => key)).toEqual(
      [next, anew, three, two, one].map(({ key }) => key).sort(),
    );
    expect(linkOf(next)).toMatchObject({ run: 1, last: 5, highest: 31 });
    expect(verifyPartition([next, anew, one, three, two], linkOf(next))).toEqual([]);
    expect(verifyPartition([one, two, three, next], linkOf(next))).toMatchObject([
      { kind: 'missing', segment: anew.key },
    ]);
  });

  it('is one key for two writers who go on after the same segment, however many records each has', () => {
    expect(segmentOf('audit/', 0, records(40, 41), head).key).toBe(segmentOf('audit/', 0, records(40), head).key);
  });

  it('is checked one segment at a time, with the same result', () => {
    const bent = withLines(two, ([header, a, , c]) => [header, a, c]);
    const check = openChainCheck();
    const findings = [one, bent, three].flatMap((segment) => check.next(segment));
    expect([...findings, ...check.end(head)]).toEqual(verifyPartition([three, bent, one], head));
    expect(check.records()).toBe(8);
  });

  it('shows a segment that was added', () => {
    const extra = segmentOf('audit/', 0, records(10), linkOf(one));
    expect(verifyPartition([one, extra, two, three], head)).toMatchObject([{ kind: 'added', segment: extra.key }]);
    const tail = segmentOf('audit/', 0, records(40), head);
    expect(verifyPartition([one, two, three, tail], head)).toMatchObject([{ kind: 'added', segment: tail.key }]);
  });

  it('says at which record something was changed, exchanged, taken out or put in, the last segment included', () => {
    const found = (change: (lines: unknown[]) => unknown[]) =>
      verifyPartition([one, two, withLines(three, change)], undefined);
    const forged = { record: { offset: 30, actor: 'nobody', at: 'now' }, seal: 'x' };
    expect(found((lines) => lines)).toEqual([]);
    expect(found(([header, a, , c]) => [header, a, forged, c])).toMatchObject([{ kind: 'changed', offset: 30 }]);
    expect(found(([header, a, , c]) => [header, a, c])).toMatchObject([{ kind: 'changed', offset: 31 }]);
    expect(found(([header, a, b]) => [header, a, b])).toMatchObject([{ kind: 'missing' }]);
    expect(found(([header, a, b, c]) => [header, a, b, b, c])).toMatchObject([{ kind: 'reordered', offset: 30 }]);
    expect(found(([header, a, b, c]) => [header, b, a, c])).toMatchObject([{ kind: 'changed', offset: 30 }]);
  });
});

describe('redaction', () => {
  it('takes out secrets by their name and by their look, at any depth', () => {
    const state = {
      name: 'Ann',
      passwordHash: 'x',
      auth: [{ accessToken: 'y', Authorization: 'z', client_secret: { a: 1 } }],
      note: 'paid with 4111 1111 1111 1111, sent Bearer abcdefgh123',
      number: 4111111111111111,
      order: '1234567890123',
    };
    expect(withoutSecrets(JSON.stringify(state))).toEqual({
      name: 'Ann',
      passwordHash: REDACTED,
      auth: [{ accessToken: REDACTED, Authorization: REDACTED, client_secret: REDACTED }],
      note: `paid with ${REDACTED}, sent ${REDACTED}`,
      number: REDACTED,
      order: '1234567890123',
    });
  });

  it('keeps what is no JSON as text, without what looks like a secret', () => {
    expect(withoutSecrets('card 4111111111111111')).toBe(`card ${REDACTED}`);
    expect(withoutSecrets(null)).toBeNull();
  });
});
