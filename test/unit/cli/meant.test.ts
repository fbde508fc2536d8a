import { describe, expect, it } from 'vitest';
import { listOf, oneOf } from '../../../lib/cli/arguments.ts';
import { meantBy } from '../../../lib/operations/dead-letters/meant.ts';

describe('an unknown name', () => {
  it('of a topic, consumer or reason of dead letters is answered with the nearest', () => {
    expect(meantBy({ topic: 'payment-event', consumer: 'qr-procesors', code: 'INVALID_EVNT' })).toEqual([
      { name: 'topic', given: 'payment-event', meant: 'payment-events' },
      { name: 'consumer', given: 'qr-procesors', meant: 'qr-processors' },
      { name: 'reason', given: 'INVALID_EVNT', meant: 'INVALID_EVENT' },
    ]);
  });

  it('that is a known one, or like none, is left alone', () => {
    expect(meantBy({ topic: 'payment-events', consumer: 'jdbc-sink', code: 'IllegalStateException' })).toEqual([]);
  });

  it('out of a closed list is answered with the list and the nearest', () => {
    expect(() => oneOf(['dev', 'staging', 'prod'])('stagin')).toThrow(
      'It must be dev or staging or prod. Did you mean staging?',
    );
    expect(() => listOf(['png', 'svg'])('png,sgv')).toThrow('It must be one or more of png, svg. Did you mean svg?');
  });
});
