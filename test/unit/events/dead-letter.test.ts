import { describe, expect, it } from 'vitest';
import { PermanentError } from '../../../lib/errors.ts';
import { deadLetter, headerText, type InboundRecord } from '../../../lib/events/index.ts';

const record: InboundRecord = {
  topic: 'analytics-events',
  partition: 7,
  offset: 42,
  timestamp: 0,
  key: Buffer.from([0xff, 0]),
  value: Buffer.from('not avro'),
  headers: [
    ['x', Buffer.from('1')],
    ['dlq-error-message', Buffer.from('an earlier failure')],
    ['x', Buffer.from('2')],
    ['dlq-redrive-count', Buffer.from('1')],
  ],
};
const history = { attempts: 3, firstFailure: '2026-01-01T00:00:00Z', lastFailure: '2026-01-02T00:00:00Z' };

describe('a dead letter', () => {
  const letter = deadLetter(
    record,
    'analytics-processors',
    new PermanentError('UNDECODABLE', 'It is no Avro.'),
    history,
  );

  it('has the original key, value and headers, repeated ones included', () => {
    expect(letter).toMatchObject({ topic: 'dead-letter-queue', key: record.key, value: record.value });
    expect(letter.headers.filter(([name]) => name === 'x').map(([, value]) => String(value))).toEqual(['1', '2']);
    expect(headerText(letter.headers, 'dlq-redrive-count')).toBe('1');
  });

  it('tells where it came from and why it failed, and nothing of an earlier failure', () => {
    const ours = letter.headers
      .filter(([name]) => name.startsWith('dlq-'))
      .map(([name, value]) => [name, String(value)]);
    expect(Object.fromEntries(ours)).toEqual({
      'dlq-redrive-count': '1',
      'dlq-timestamp': '0',
      'dlq-topic': 'analytics-events',
      'dlq-partition': '7',
      'dlq-offset': '42',
      'dlq-consumer': 'analytics-processors',
      'dlq-error-class': 'permanent',
      'dlq-error-code': 'UNDECODABLE',
      'dlq-error-message': 'It is no Avro.',
      'dlq-attempts': '3',
      'dlq-first-failure': history.firstFailure,
      'dlq-last-failure': history.lastFailure,
    });
    expect(ours).toHaveLength(12);
  });
});
