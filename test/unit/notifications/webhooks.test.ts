import type { LookupAddress } from 'node:dns';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { isPublicAddress } from '../../../handlers/notifications/webhooks/ip-rules.ts';
import { retryAfterMs } from '../../../handlers/notifications/webhooks/retry-after.ts';
import { isSecret, signedHeaders } from '../../../handlers/notifications/webhooks/signature.ts';
import { checkedLookup } from '../../../handlers/notifications/webhooks/transport.ts';
import { urlFault } from '../../../handlers/notifications/webhooks/url-rules.ts';

describe('the signature of a webhook', () => {
  it('is that of the Standard Webhooks test vector', () => {
    const headers = signedHeaders(
      'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
      'msg_p5jXN8AQM9LWM0D4loKWxJek',
      1_614_265_330_000,
      '{"test": 2432232314}',
    );
    expect(headers).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  it('is taken by the reference library, and a changed body is not', () => {
    const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    const body = '{"text":"Grüße <&>"}';
    const headers = signedHeaders(secret, 'msg_1', Date.now(), body);
    expect(new Webhook(secret).verify(body, headers)).toEqual({ text: 'Grüße <&>' });
    expect(() => new Webhook(secret).verify(`${body} `, headers)).toThrow();
  });

  it.each([
    [`whsec_${Buffer.alloc(24).toString('base64')}`, true],
    [`whsec_${Buffer.alloc(64).toString('base64')}`, true],
    [`whsec_${Buffer.alloc(23).toString('base64')}`, false],
    [`whsec_${Buffer.alloc(65).toString('base64')}`, false],
    [Buffer.alloc(32).toString('base64'), false],
    ['whsec_not base64 at all, by no means', false],
    ['', false],
  ])('wants a secret like %s: %s', (secret, isOne) => {
    expect(isSecret(secret)).toBe(isOne);
  });
});

describe('an address for webhooks', () => {
  it.each([
    ['8.8.8.8', true],
    ['2001:4860:4860::8888', true],
    ['::ffff:8.8.8.8', true],
    ['10.0.0.1', false],
    ['172.16.0.1', false],
    ['172.31.255.255', false],
    ['192.168.1.1', false],
    ['127.0.0.1', false],
    ['127.255.255.254', false],
    ['0.0.0.0', false],
    ['169.254.169.254', false],
    ['169.254.170.2', false],
    ['100.64.0.1', false],
    ['100.100.100.200', false],
    ['192.0.0.192', false],
    ['192.0.2.1', false],
    ['198.18.0.1', false],
    ['198.51.100.1', false],
    ['203.0.113.1', false],
    ['224.0.0.1', false],
    ['240.0.0.1', false],
    ['255.255.255.255', false],
    ['::', false],
    ['::1', false],
    ['::ffff:127.0.0.1', false],
    ['::ffff:a9fe:a9fe', false],
    ['::10.0.0.1', false],
    ['fc00::1', false],
    ['fd00:ec2::254', false],
    ['fe80::1', false],
    ['fe80::1%eth0', false],
    ['fec0::1', false],
    ['ff02::1', false],
    ['64:ff9b::7f00:1', false],
    ['64:ff9b:1::1', false],
    ['2002:7f00:1::', false],
    ['2001::1', false],
    ['2001:db8::1', false],
    ['100::1', false],
    ['no address', false],
  ])('%s is public: %s', (address, isPublic) => {
    expect(isPublicAddress(address)).toBe(isPublic);
  });

  const rules = { allowed: ['127.0.0.1:8080', 'receiver.test'] };
  it.each([
    ['https://example.com/hook?a=b', undefined],
    ['https://example.com:8443/', undefined],
    ['http://127.0.0.1:8080/hook', undefined],
    ['http://receiver.test:99/', undefined],
    ['https://8.8.8.8/', undefined],
    ['http://example.com/', 'must be https'],
    ['http://127.0.0.1:8081/', 'must be https'],
    ['ftp://receiver.test/', 'must be http or https'],
    ['file:///etc/passwd', 'must be https'],
    ['https://me:secret@example.com/', 'must not hold a user name or password'],
    ['https://127.0.0.1/', 'leads to an address that is not public'],
    ['https://0x7f.1/', 'leads to an address that is not public'],
    ['https://2130706433/', 'leads to an address that is not public'],
    ['https://[::ffff:10.0.0.1]/', 'leads to an address that is not public'],
    ['https://[::1]:8080/', 'leads to an address that is not public'],
    ['example.com', 'is no URL of at most 2048 characters'],
    [`https://example.com/${'a'.repeat(2_048)}`, 'is no URL of at most 2048 characters'],
  ])('%s: %s', (url, fault) => {
    expect(urlFault(url, rules)).toBe(fault);
  });
});

describe('the lookup of a connection', () => {
  const lookedUp = (addresses: readonly LookupAddress[], anyAddress = false, all = true) =>
    new Promise<unknown>((done, failed) => {
      checkedLookup(anyAddress, async () => addresses)('name.test', { all }, (error, found) =>
        error === null ? done(found) : failed(error),
      );
    });
  const ours: LookupAddress = { address: '93.184.215.14', family: 4 };
  const theirs: LookupAddress = { address: '10.1.2.3', family: 4 };

  it('answers the addresses it has checked, so that nothing can change in between', async () => {
    expect(await lookedUp([ours])).toEqual([ours]);
    expect(await lookedUp([ours], false, false)).toBe(ours.address);
  });

  it('refuses a name with one address that is not public among others', async () => {
    await expect(lookedUp([ours, theirs])).rejects.toThrow();
    await expect(lookedUp([{ address: '::ffff:10.0.0.1', family: 6 }])).rejects.toThrow();
    await expect(lookedUp([])).rejects.toThrow();
    expect(await lookedUp([theirs], true)).toEqual([theirs]);
  });
});

describe('Retry-After', () => {
  const now = Date.parse('2026-11-24T12:00:00Z');
  it.each([
    ['120', 120_000],
    [' 5 ', 5_000],
    ['0', 1_000],
    ['Tue, 24 Nov 2026 12:10:00 GMT', 600_000],
    ['Tue, 24 Nov 2026 11:00:00 GMT', 1_000],
    ['999999999', 21_600_000],
    ['schedule', undefined],
    [undefined, undefined],
  ])('%j is %s ms', (header, wait) => {
    expect(retryAfterMs(header, now)).toBe(wait);
  });
});
