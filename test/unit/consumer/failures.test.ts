import { describe, expect, it } from 'vitest';
import { asStreamError } from '../../../lib/consumer/item.ts';

describe('what handling a record threw', () => {
  it('is tried again when it may be over by then', () => {
    for (const error of [new Error('Connection is closed.'), new TypeError('x is not a function'), 'text']) {
      expect(asStreamError(error)).toMatchObject({ code: 'UNEXPECTED', failureClass: 'transient' });
    }
  });

  it('is the end of the record when a value is outside of its range: it is there each time', () => {
    const thrown = (() => {
      try {
        return new Date(1760000000000000000).toISOString();
      } catch (error) {
        return error;
      }
    })();
    expect(asStreamError(thrown)).toMatchObject({
      code: 'UNEXPECTED',
      failureClass: 'permanent',
      message: 'RangeError: Invalid time value',
      cause: thrown,
    });
  });
});
