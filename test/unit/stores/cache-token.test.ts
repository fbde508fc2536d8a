import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { cacheToken } from '../../../lib/stores/cache-token.ts';

const REQUEST = { user: 'qr-prod-functions', cacheName: 'QR-Prod', region: 'eu-central-1' };
const CREDENTIALS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'session+/=' };
const NOW = new Date('2026-03-04T05:06:07Z');

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The signature of a query, by the steps of the IAM User Guide, "Create a signed AWS API request". */
const signatureOf = (host: string, query: URLSearchParams): string => {
  const encoded = (text: string): string => encodeURIComponent(text);
  const canonical = [...query]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .join('&');
  const request = ['GET', '/', canonical, `host:${host}`, '', 'host', sha256('')].join('\n');
  const scope = '20260304/eu-central-1/elasticache/aws4_request';
  const text = ['AWS4-HMAC-SHA256', '20260304T050607Z', scope, sha256(request)].join('\n');
  const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${CREDENTIALS.secretAccessKey}`);
  return hmac(key, text).toString('hex');
};

describe('a token for the cache', () => {
  it('is the request ElastiCache documents, without scheme, for the cache in lower case', async () => {
    const [host, text = ''] = (await cacheToken(REQUEST, CREDENTIALS, NOW)).split('/?');
    const query = new URLSearchParams(text);
    expect(host).toBe('qr-prod');
    expect(Object.fromEntries(query)).toEqual({
      Action: 'connect',
      User: 'qr-prod-functions',
      ResourceType: 'ServerlessCache',
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Credential': 'AKIDEXAMPLE/20260304/eu-central-1/elasticache/aws4_request',
      'X-Amz-Date': '20260304T050607Z',
      'X-Amz-Expires': '900',
      'X-Amz-Security-Token': 'session+/=',
      'X-Amz-SignedHeaders': 'host',
      'X-Amz-Signature': signatureOf('qr-prod', query),
    });
  });

  it('is another one at another time', async () => {
    const later = new Date(NOW.getTime() + 1_000);
    expect(await cacheToken(REQUEST, CREDENTIALS, later)).not.toBe(await cacheToken(REQUEST, CREDENTIALS, NOW));
  });
});
