import { type InboundRecord, letterId } from '../../lib/events/index.ts';
import { isoTime } from '../../lib/record-time.ts';
import type { Found } from './finding.ts';

/** Anything else on the queue: it is kept as it is, and parked, because nobody knows where it belongs. */
export const unknownLetter = ({ topic, partition, offset, timestamp, key, value, headers }: InboundRecord): Found => {
  const at = isoTime(timestamp);
  return {
    letter: {
      id: letterId(topic, partition, offset),
      redriveCount: 0,
      shape: 'unknown',
      topic,
      partition,
      offset,
      consumer: 'unknown',
      errorClass: 'permanent',
      code: 'UNKNOWN_SHAPE',
      message:
        'It is no dead letter of our functions, of Lambda or of Kafka Connect, so nobody knows where it belongs.',
      attempts: 1,
      firstFailure: at,
      lastFailure: at,
      redrivable: false,
    },
    original: { key, value, headers },
  };
};
