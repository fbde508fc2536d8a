import { describe, expect, it } from 'vitest';
import { scheduledEvent } from '../../../lib/local/functions/rule.ts';

describe('the event of a rule', () => {
  it('has the shape that EventBridge documents, with its time in whole seconds', () => {
    expect(scheduledEvent('scheduler', new Date('2026-02-03T04:05:06.789Z'))).toEqual({
      version: '0',
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      account: '000000000000',
      time: '2026-02-03T04:05:06Z',
      region: 'us-east-1',
      resources: ['arn:aws:events:us-east-1:000000000000:rule/scheduler'],
      detail: {},
    });
  });
});
