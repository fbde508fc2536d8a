import { describe, expect, it } from 'vitest';
import { addressHash, isEmail, isPhone, withoutAddresses } from '../../../handlers/notifications/addresses.ts';
import { emailRequest } from '../../../handlers/notifications/channels/email.ts';
import { providerError } from '../../../handlers/notifications/channels/provider-errors.ts';
import { smsRequest } from '../../../handlers/notifications/channels/sms.ts';
import { preferencesChanged } from '../../../handlers/notifications/preferences.ts';
import { unsubscribeOf, unsubscribeUrl } from '../../../handlers/notifications/unsubscribe.ts';
import { refusedBy } from '../../../handlers/notifications/wishes.ts';
import { type EventInputs, eventOf } from '../../../lib/events/index.ts';

describe('the wishes of a user', () => {
  const wishes = (unsubscribed: string[], off: string[] = []) => ({
    unsubscribed: new Set(unsubscribed),
    off: new Set(off),
  });
  const news = { channel: 'email', category: 'milestones' } as const;
  const receipt = { channel: 'email', category: 'billing' } as const;

  it.each([
    ['nothing', wishes([]), undefined, undefined, undefined],
    ['a category', wishes(['milestones', 'billing']), 'unsubscribed', 'unsubscribed', undefined],
    [
      'a category on this channel',
      wishes(['email:milestones', 'email:billing']),
      'unsubscribed',
      'unsubscribed',
      undefined,
    ],
    ['a category on another channel', wishes(['sms:milestones']), undefined, undefined, undefined],
    ['the channel', wishes(['email:*']), 'unsubscribed', 'unsubscribed', 'unsubscribed'],
    ['another channel', wishes(['sms:*']), undefined, undefined, undefined],
    ['a channel switched off', wishes([], ['email']), 'channel-off', undefined, 'channel-off'],
    ['another channel switched off', wishes([], ['sms']), undefined, undefined, undefined],
  ] as const)('%s', (_, preferences, normal, high, transactional) => {
    expect(refusedBy(preferences, { ...news, priority: 'normal' })).toBe(normal);
    expect(refusedBy(preferences, { ...news, priority: 'high' })).toBe(high);
    expect(refusedBy(preferences, { ...receipt, priority: 'normal' })).toBe(transactional);
  });
});

describe('a change of preferences', () => {
  const change = (payload: Omit<EventInputs['notification.preferences.changed'], 'userId'>) =>
    preferencesChanged(eventOf('notification.preferences.changed', { userId: 'u1', ...payload }, { source: 'test' }), {
      allowed: [],
    }).writes;

  it('writes what it names and leaves the rest', () => {
    expect(change({})).toEqual([]);
    expect(change({ email: 'a@b.test', phone: '', channels: { sms: false } })).toEqual([
      ['HSET', 'notify:{u1}:preferences', 'email', 'a@b.test'],
      ['HDEL', 'notify:{u1}:preferences', 'phone'],
      ['HSET', 'notify:{u1}:preferences', 'channel:sms', 0],
    ]);
    expect(change({ unsubscribed: ['teams', 'sms:*'], resubscribed: ['email:batches'] })).toEqual([
      ['SADD', 'notify:{u1}:unsubscribed', 'teams', 'sms:*'],
      ['SREM', 'notify:{u1}:unsubscribed', 'email:batches'],
    ]);
  });

  it('of the webhook resumes an endpoint that is paused', () => {
    const resumed = ['DEL', 'notify:{u1}:endpoints'];
    expect(change({ webhookUrl: 'https://example.com/hook' })).toContainEqual(resumed);
    expect(change({ channels: { webhook: true } })).toContainEqual(resumed);
    expect(change({ channels: { webhook: false } })).not.toContainEqual(resumed);
  });

  it.each([
    [{ email: 'secret-address' }, 'email is no e-mail address'],
    [{ phone: '0170 1234567' }, 'phone is no number in E.164'],
    [{ webhookUrl: 'http://10.0.0.1/' }, 'webhookUrl must be https'],
    [{ webhookSecret: 'hunter2' }, 'webhookSecret must be whsec_'],
    [{ locale: 'not a tag' }, 'locale is no language tag'],
    [{ channels: { pigeon: true } }, 'channels names no channel'],
    [{ unsubscribed: ['everything'] }, 'unsubscribed names no category'],
    [{ unsubscribed: ['pigeon:*'] }, 'unsubscribed must name'],
  ])('%j is refused by its field, never by what stands in it', (payload, reason) => {
    let message = '';
    try {
      change(payload);
    } catch (error) {
      message = String(error);
    }
    expect(message).toContain(`The preferences of user u1 cannot be kept: ${reason}`);
    expect(message).not.toMatch(/secret-address|0170|hunter2|10\.0/);
  });
});

describe('addresses', () => {
  it.each([
    ['+491701234567', true],
    ['+14155550100', true],
    ['491701234567', false],
    ['+0491701234567', false],
    ['+49 170 1234567', false],
    ['+1234567890123456', false],
  ])('%s is E.164: %s', (text, isOne) => {
    expect(isPhone(text)).toBe(isOne);
  });

  it.each([
    ['ada@example.com', true],
    ['a.b+c@sub.example.co', true],
    ['ada@localhost', false],
    ['ada', false],
    ['a@b@c.de', false],
    ['ada@example.com\r\nBcc: x@y.de', false],
    ['Ada <ada@example.com>', false],
    ['adä@example.com', false],
  ])('%j is an e-mail address: %s', (text, isOne) => {
    expect(isEmail(text)).toBe(isOne);
  });

  it('are recognised by their hash, in whatever case', () => {
    expect(addressHash(' Ada@Example.com')).toBe(addressHash('ada@example.com'));
    expect(addressHash('ada@example.com')).not.toContain('ada');
  });

  it('do not come out in the errors of providers', () => {
    expect(withoutAddresses('not verified: ada@example.com, "b@c.de"; call +491701234567')).toBe(
      'not verified: <address>, "<address>"; call <number>',
    );
    const rejected = Object.assign(new Error('ada@example.com is not verified'), { name: 'MessageRejected' });
    expect(providerError('SES', rejected)).toMatchObject({
      failureClass: 'permanent',
      message: 'SES refuses the message. MessageRejected: <address> is not verified',
    });
    const throttled = Object.assign(new Error('Rate exceeded'), { name: 'TooManyRequestsException' });
    expect(providerError('SES', throttled)).toMatchObject({ failureClass: 'transient', code: 'PROVIDER_UNAVAILABLE' });
    expect(providerError('SNS', new Error('connect ECONNREFUSED'))).toMatchObject({ failureClass: 'transient' });
  });
});

describe('an unsubscribe link', () => {
  const wish = { userId: 'u/1', channel: 'email', category: 'teams' } as const;
  const url = new URL(unsubscribeUrl('https://app.test', 'key', wish));
  const token = url.searchParams.get('token') ?? '';

  it('says who does not want what, to whoever has the key', () => {
    expect(unsubscribeOf(token, 'key')).toEqual(wish);
    expect(unsubscribeOf(token, 'another key')).toBeUndefined();
    const [, mac] = token.split('.');
    const forged = Buffer.from(JSON.stringify(['u2', 'email', 'teams'])).toString('base64url');
    expect(unsubscribeOf(`${forged}.${mac}`, 'key')).toBeUndefined();
    expect(unsubscribeOf('', 'key')).toBeUndefined();
  });

  it('stands in the headers of RFC 8058, of e-mails that one can leave', () => {
    const email = { to: 'ada@example.com', content: { subject: 's', text: 't', html: 'h' } };
    const headers = (unsubscribe: string | undefined) =>
      emailRequest('a@b.test', { ...email, unsubscribeUrl: unsubscribe }).Content?.Simple?.Headers;
    expect(headers(url.href)).toEqual([
      { Name: 'List-Unsubscribe', Value: `<${url.href}>` },
      { Name: 'List-Unsubscribe-Post', Value: 'List-Unsubscribe=One-Click' },
    ]);
    expect(headers(undefined)).toBeUndefined();
  });
});

describe('an SMS', () => {
  it('is transactional where it must arrive', () => {
    const sms = smsRequest({ to: '+14155550100', text: 'Hello', isTransactional: true });
    expect(sms.MessageAttributes?.['AWS.SNS.SMS.SMSType']?.StringValue).toBe('Transactional');
  });
});
