import { createHash } from 'node:crypto';
import { v7 as uuidv7, validate } from 'uuid';

/** Whether a text is a UUID, of any version. */
export const isUuid = (text: string): boolean => validate(text);

/** A fresh event id: UUID version 7 (RFC 9562, section 5.7), so that ids sort by time. */
export const newEventId = (): string => uuidv7();

/**
 * The id of an event made while handling another: the same cause and name give the same id, so that a re-delivered cause
 * publishes the same follow-up again and consumers recognise it. Laid out as UUID version 7: the cause's 48 bits of time
 * (of a cause that is no UUID: zeros), then 74 bits of SHA-256.
 *
 * @param causeId eventId of the event being handled
 * @param name what tells this follow-up from the cause's others
 */
export const derivedEventId = (causeId: string, name: string): string => {
  const bytes = createHash('sha256').update(causeId).update('\0').update(name).digest().subarray(0, 16);
  const time = causeId.replaceAll('-', '').slice(0, 12);
  bytes.set(/^[0-9a-f]{12}$/i.test(time) ? Buffer.from(time, 'hex') : Buffer.alloc(6));
  return uuidv7({
    msecs: bytes.readUIntBE(0, 6),
    random: Uint8Array.from(bytes),
    seq: bytes.readUInt32BE(6) >>> 0,
  });
};
