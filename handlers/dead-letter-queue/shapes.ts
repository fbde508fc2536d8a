import type { InboundRecord } from '../../lib/events/index.ts';
import { readConnect } from './connect.ts';
import type { Found } from './finding.ts';
import { lettersOfEnvelope } from './lambda.ts';
import { envelopeIn } from './lambda-envelope.ts';
import { readOurs } from './ours.ts';
import type { SourceLog } from './source-log.ts';
import { unknownLetter } from './unknown.ts';

/**
 * The letters in a record of the queue: one, except in an envelope that speaks of a whole batch. Headers tell more than the
 * value does: a record of ours may itself hold an envelope.
 *
 * @throws TransientError BROKER_UNAVAILABLE when a record that did not come with its envelope cannot be read again
 */
export const lettersIn = async (record: InboundRecord, log: SourceLog): Promise<readonly Found[]> => {
  const byHeaders = readOurs(record) ?? readConnect(record);
  if (byHeaders !== undefined) return [byHeaders];
  const envelope = envelopeIn(record.value);
  return envelope === undefined ? [unknownLetter(record)] : lettersOfEnvelope(record, envelope, log);
};
