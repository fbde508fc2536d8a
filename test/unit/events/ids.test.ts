import fc from 'fast-check';
import { validate, version } from 'uuid';
import { describe, expect, it } from 'vitest';
import { derivedEventId, newEventId } from '../../../lib/events/index.ts';

describe('event ids', () => {
  it('are UUIDs of version 7', () => {
    expect(version(newEventId())).toBe(7);
  });

  it('of follow-ups are fixed by cause and name, whatever these are', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (cause, name) => {
        const id = derivedEventId(cause, name);
        expect(validate(id)).toBe(true);
        expect(version(id)).toBe(7);
        expect(derivedEventId(cause, name)).toBe(id);
        expect(derivedEventId(cause, `${name}x`)).not.toBe(id);
      }),
    );
  });

  it('of follow-ups sort with their cause', () => {
    const cause = newEventId();
    expect(derivedEventId(cause, 'a').slice(0, 13)).toBe(cause.slice(0, 13));
  });
});
