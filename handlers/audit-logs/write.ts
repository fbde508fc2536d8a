import type { Delivered, PartitionHandler } from '../../lib/consumer/index.ts';
import { PermanentError } from '../../lib/errors.ts';
import type { EventOf } from '../../lib/events/index.ts';
import { findHead, markHead } from './chain-head.ts';
import { withoutSecrets } from './redaction.ts';
import { type AuditRecord, linkOf, segmentOf } from './segment.ts';

const isAudit = (event: EventOf): event is EventOf<'audit.recorded'> => event.eventType === 'audit.recorded';

const recordOf = ({ event, record: { offset } }: Delivered): AuditRecord => {
  if (!isAudit(event)) {
    throw new PermanentError('UNKNOWN_EVENT_TYPE', `${event.eventType} is no audit record.`);
  }
  const { eventId, timestamp, source, correlationId, causationId, payload } = event;
  return {
    offset,
    eventId,
    timestamp,
    source,
    correlationId: correlationId ?? null,
    causationId: causationId ?? null,
    tenantId: payload.tenantId ?? null,
    actor: payload.actor,
    action: payload.action,
    resource: payload.resource,
    before: withoutSecrets(payload.before ?? null),
    after: withoutSecrets(payload.after ?? null),
    ipHash: payload.ipHash ?? null,
    at: payload.at,
  };
};

/**
 * Writes the audit records of a batch as the next segment of their partition. What an earlier try has written is known by
 * its offset, however the records were batched then.
 *
 * A write that reaches the store only after its invocation has ended and after the next one looked can still leave two
 * segments after one; verification finds them.
 */
export const writeSegments =
  (prefix: string): PartitionHandler =>
  async (events, { redis, objects, partition, signal }) => {
    const head = await findHead(redis, objects, prefix, partition);
    const fresh = events.filter(({ record }) => record.offset > head.last).map(recordOf);
    if (fresh.length === 0) {
      if (head.key !== '') await markHead(redis, prefix, partition, head);
      return;
    }
    const segment = segmentOf(prefix, partition, fresh, head);
    signal.throwIfAborted();
    await objects.put(segment.key, segment.bytes, { contentType: 'application/gzip' });
    await markHead(redis, prefix, partition, linkOf(segment));
  };
