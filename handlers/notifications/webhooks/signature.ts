import { createHmac } from 'node:crypto';

const PREFIX = 'whsec_';
/** Bytes of a secret (Standard Webhooks, "Signature scheme"). */
const LEAST_BYTES = 24;
const MOST_BYTES = 64;

/** Whether a text is a secret of Standard Webhooks: `whsec_` and Base64 of 24 to 64 bytes. */
export const isSecret = (text: string): boolean => {
  const base64 = text.slice(PREFIX.length);
  const bytes = Buffer.from(base64, 'base64');
  const isBase64 = bytes.toString('base64').replace(/=+$/, '') === base64.replace(/=+$/, '');
  return text.startsWith(PREFIX) && isBase64 && bytes.length >= LEAST_BYTES && bytes.length <= MOST_BYTES;
};

/**
 * The headers that sign a webhook (Standard Webhooks, version v1): HMAC-SHA256 over `id.timestamp.body`.
 *
 * @param id the same at every attempt
 * @param sentAt milliseconds since 1970, of this attempt
 */
export const signedHeaders = (
  secret: string,
  id: string,
  sentAt: number,
  body: string,
): Readonly<Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string>> => {
  const seconds = String(Math.floor(sentAt / 1_000));
  const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
  const mac = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': `v1,${mac}` };
};
