import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { readCounts } from '../../../handlers/notifications/counts.ts';
import { openPorts } from '../../../handlers/notifications/handlers.ts';
import { PLACES } from '../../../handlers/notifications/places.ts';
import { unsubscribeOf } from '../../../handlers/notifications/unsubscribe.ts';
import { TransientError } from '../../../lib/errors.ts';
import { until } from '../../support/until.ts';
import { DONE, newUser, openWorld } from './world.ts';

const world = openWorld();
const { deliver, event, mailsTo, smsTo, reasons, settings } = world;
const { redis } = world.connections;
const asUser = () => newUser(world);
afterAll(() => world.close());

describe('an e-mail', () => {
  it('goes to the address the user has given, in the language of the user, with a way out', async () => {
    const user = asUser();
    await user.prefers({ email: user.email, locale: 'de-AT' });
    expect(await deliver(user.asked('email', { data: { qrId: '<b>&', scans: '100' } }))).toEqual(DONE);
    const [mail, ...others] = await mailsTo(user.email);
    expect(others).toEqual([]);
    expect(mail).toMatchObject({ Source: settings.emailSender, Subject: '100 Scans' });
    expect(mail?.BodyText).toContain('Ihr Code <b>& wurde 100 Mal gescannt.');
    expect(mail?.BodyHtml).toContain('Ihr Code &lt;b&gt;&amp; wurde 100 Mal gescannt.');
    const token = /unsubscribe\?token=([\w.-]+)/.exec(mail?.BodyText ?? '')?.[1] ?? '';
    const wish = { userId: user.userId, channel: 'email', category: 'milestones' };
    expect(unsubscribeOf(token, settings.linkSecret ?? '')).toEqual(wish);
  });

  it('goes to the address that the notification names: of somebody without an account', async () => {
    const user = asUser();
    const data = { teamName: 'Bakers', inviter: 'Ada', role: 'editor', invitationId: 'i-1' };
    await deliver(user.asked('email', { template: 'invitation', data, to: user.email }));
    expect((await mailsTo(user.email)).map(({ Subject }) => Subject)).toEqual(['Ada invites you to Bakers']);
  });

  it('is sent once, however often its event is delivered or another asks for the same', async () => {
    const user = asUser();
    await user.prefers({ email: user.email });
    const asked = user.asked('email', { dedupeKey: 'milestone/qr-1/1000' });
    await deliver(asked, asked);
    await deliver(asked);
    await deliver(user.asked('email', { dedupeKey: 'milestone/qr-1/1000' }));
    expect(await mailsTo(user.email)).toHaveLength(1);
    await deliver(user.asked('email', { dedupeKey: 'milestone/qr-1/10000' }), user.asked('email'));
    expect(await mailsTo(user.email)).toHaveLength(3);
  });
});

describe('an SMS', () => {
  it('goes to the number of the user', async () => {
    const user = asUser();
    await user.prefers({ phone: user.phone });
    const asked = user.asked('sms');
    expect(await deliver(asked)).toEqual(DONE);
    await deliver(asked);
    expect(await smsTo(user.phone)).toEqual(['Your code qr-1 has reached 1,000 scans.']);
  });
});

describe('a message in the app', () => {
  it('is on the stream of updates', async () => {
    const user = asUser();
    const asked = user.asked('in-app');
    await deliver(asked);
    await deliver(asked);
    expect(await user.updates()).toEqual([
      {
        id: expect.stringMatching(/^msg_/),
        template: 'milestone',
        category: 'milestones',
        priority: 'normal',
        title: '1,000 scans',
        body: 'Your code qr-1 has reached 1,000 scans.',
        url: `${settings.appUrl}/codes/qr-1/analytics`,
      },
    ]);
  });
});

describe('the wishes of a user', () => {
  it('are kept: what was unsubscribed from is not sent, apart from what must be', async () => {
    const user = asUser();
    await user.prefers({ email: user.email, phone: user.phone, unsubscribed: ['milestones', 'billing', 'sms:*'] });
    const receipt = { template: 'receipt', data: { amount: '9.00 EUR', description: 'pro', paymentId: 'p-1' } };
    await deliver(user.asked('email', { priority: 'high' }), user.asked('email', receipt), user.asked('sms', receipt));
    expect((await mailsTo(user.email)).map(({ Subject }) => Subject)).toEqual(['Receipt for 9.00 EUR']);
    expect(await smsTo(user.phone)).toEqual([]);
    // A change of something else takes nothing back.
    await user.prefers({ locale: 'de' });
    await deliver(user.asked('email'));
    expect(await mailsTo(user.email)).toHaveLength(1);
    await user.prefers({ resubscribed: ['milestones'] });
    await deliver(user.asked('email'));
    expect(await mailsTo(user.email)).toHaveLength(2);
  });

  it('for quiet hold until something matters', async () => {
    const user = asUser();
    await user.prefers({ email: user.email, channels: { email: false } });
    await deliver(user.asked('email'), user.asked('email', { priority: 'high' }));
    expect(await mailsTo(user.email)).toHaveLength(1);
  });

  it('cannot be kept when they make no sense, and nobody reads them in the dead letter', async () => {
    const user = asUser();
    await user.prefers({ phone: '0170 99887766' });
    const [reason] = await reasons(user.userId);
    expect(reason).toContain(`The preferences of user ${user.userId} cannot be kept: phone is no number in E.164`);
    expect(reason).not.toContain('99887766');
  });
});

describe('an address that bounced', () => {
  it.each([
    ['for good', { kind: 'bounce', permanent: true }, 0],
    ['with a complaint', { kind: 'complaint', permanent: false }, 0],
    ['for now', { kind: 'bounce', permanent: false }, 1],
  ] as const)('%s', async (_, bounce, mails) => {
    const user = asUser();
    await user.prefers({ email: user.email });
    const address = user.email.toUpperCase();
    const bounced = event('notification.bounced', { address, userId: user.userId, ...bounce });
    expect(await deliver(bounced)).toEqual(DONE);
    await deliver(bounced);
    const before = await readCounts(redis, world.now());
    // Not even a receipt, and not at any priority.
    const receipt = { template: 'receipt', data: { amount: '9.00 EUR', description: 'pro', paymentId: 'p-1' } };
    await deliver(user.asked('email', { ...receipt, priority: 'high' }));
    expect(await mailsTo(user.email)).toHaveLength(mails);
    const isSuppressed = mails === 0;
    expect(await user.updates('notification.address.suppressed')).toHaveLength(isSuppressed ? 1 : 0);
    expect(await user.updates('notification.skipped')).toMatchObject(isSuppressed ? [{ reason: 'suppressed' }] : []);
    const field = isSuppressed ? 'email/suppressed' : 'email/sent';
    // At least: other tests, and the function of the stack, count as well.
    expect((await readCounts(redis, world.now()))[field]).toBeGreaterThan(before[field] ?? 0);
    expect(await redis.keys(`*${user.email}*`)).toEqual([]);
  });

  it('must be one', async () => {
    const address = `nobody-${randomUUID()}`;
    await deliver(event('notification.bounced', { address, kind: 'bounce', permanent: true }));
    expect(await reasons(address)).toEqual([
      'A bounce must name an e-mail address or a number in E.164 as its address.',
    ]);
  });
});

describe('a notification that can never go', () => {
  it('is a dead letter that says why, and the next one goes', async () => {
    const user = asUser();
    await deliver(
      user.asked('pigeon'),
      user.asked('email', { template: 'greetings' }),
      user.asked('email', { data: { qrId: 'qr-1' } }),
      user.asked('email', { to: 'secret.address' }),
      user.asked('sms', { to: '0170 99887766' }),
      user.asked('in-app'),
    );
    expect(await reasons(user.userId)).toEqual([
      'There is no channel "pigeon": a notification goes by email, sms, webhook, in-app.',
      'There is no template "greetings".',
      'The template milestone needs scans in data.',
      `The email notification of user ${user.userId} cannot go: its address is no e-mail address.`,
      `The sms notification of user ${user.userId} cannot go: its address is no number in E.164.`,
    ]);
    expect(await user.updates()).toHaveLength(1);
  });

  it('because nobody knows where to is passed over, and the user sees it', async () => {
    const user = asUser();
    expect(await deliver(user.asked('email'))).toEqual(DONE);
    expect(await user.updates('notification.skipped')).toMatchObject([{ channel: 'email', reason: 'no-address' }]);
    expect(await reasons(user.userId)).toEqual([]);
  });

  it('because SES rejects it is a dead letter without the address', async () => {
    const user = asUser();
    const stranger = openWorld((ports) => ({
      ...ports,
      ...openPorts({ ...settings, emailSender: 'somebody@unverified.example' }),
    }));
    await stranger.deliver(user.asked('email', { to: user.email }));
    const [reason] = await reasons(user.userId);
    expect(reason).toContain('SES refuses the message. MessageRejected: Email address is not verified.');
    expect(reason).not.toContain('@');
    await stranger.close();
  });
});

describe('a provider that throttles', () => {
  it('is a transient failure: the notification is delivered again, then it goes', async () => {
    const [user, other] = [asUser(), asUser()];
    const bodies: string[] = [];
    const front = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks);
        bodies.push(body.toString());
        // The client itself tries twice.
        if (bodies.length <= 2) {
          response.writeHead(429, { 'x-amzn-errortype': 'TooManyRequestsException' });
          response.end(JSON.stringify({ message: `Rate exceeded for ${user.email}` }));
          return;
        }
        const headers = { 'content-type': 'application/json', authorization: request.headers.authorization ?? '' };
        fetch(`${settings.awsEndpoint}${request.url}`, { method: 'POST', headers, body }).then(async (answer) => {
          response.writeHead(answer.status, { 'content-type': 'application/json' });
          response.end(await answer.text());
        });
      });
    });
    await new Promise<void>((listening) => front.listen(0, '127.0.0.1', listening));
    const { port }: AddressInfo = addressOf(front.address());
    const throttled = openWorld((ports) => ({
      ...ports,
      ...openPorts({ ...settings, awsEndpoint: `http://127.0.0.1:${port}` }),
    }));
    const [asked, next] = [user.asked('email', { to: user.email }), other.asked('in-app')];
    const failed = await throttled.deliver(asked, next);
    expect(failed.batchItemFailures).toHaveLength(2);
    // It is another user's, and did not wait.
    expect(await other.updates()).toHaveLength(1);
    expect(await mailsTo(user.email)).toEqual([]);
    expect(await throttled.deliver(asked, next)).toEqual(DONE);
    expect(await mailsTo(user.email)).toHaveLength(1);
    expect(await other.updates()).toHaveLength(1);
    expect(await reasons(user.userId)).toEqual([]);
    expect(JSON.parse(bodies[2] ?? '').Content.Simple.Headers).toEqual([
      { Name: 'List-Unsubscribe', Value: expect.stringMatching(/^<https:\/\/[^>]+\/unsubscribe\?token=[^>]+>$/) },
      { Name: 'List-Unsubscribe-Post', Value: 'List-Unsubscribe=One-Click' },
    ]);
    await throttled.close();
    front.close();
  });
});

const addressOf = (address: AddressInfo | string | null): AddressInfo => {
  if (typeof address !== 'object' || address === null) throw new Error('a server without a port');
  return address;
};

describe('a batch', () => {
  const batchId = randomUUID();

  it('that is done is told in the app and by e-mail, once: the function of the stack sends what the event causes', async () => {
    const user = asUser();
    await user.prefers({ email: user.email });
    const completed = () =>
      event('bulk.qr.generation.completed', {
        batchId,
        userId: user.userId,
        status: 'completed',
        itemCount: 3,
        succeeded: 3,
        failed: 0,
        zipKey: 'k',
        zipBytes: 1,
        requestedAt: '2026-11-24T12:00:00Z',
        completedAt: '2026-11-24T12:00:01Z',
      });
    const first = completed();
    expect(await deliver(first, completed())).toEqual(DONE);
    await deliver(first);
    await until('the user has an e-mail', async () => (await mailsTo(user.email)).length > 0);
    // Told after all of them: what is behind them on the partition.
    await world.connections.publisher.publish(user.asked('in-app'));
    await until('the last is there', async () =>
      (await user.updates()).some(({ template }) => template === 'milestone'),
    );
    expect((await user.updates()).map(({ template }) => template)).toEqual(['batch-ready', 'milestone']);
    const [mail, ...others] = await mailsTo(user.email);
    expect(mail?.Subject).toBe('Your QR codes are ready');
    expect(mail?.BodyText).toContain(`Batch ${batchId} is done: 3 of 3 codes are in the zip.`);
    expect(others).toEqual([]);
  });

  it('that failed is told with its reason, once the broker takes what tells it', async () => {
    const user = asUser();
    const { publisher } = world.connections;
    const failure = {
      batchId,
      userId: user.userId,
      code: 'BATCH_INVALID',
      reason: 'No items.',
      failedAt: '2026-11-24',
    };
    const failed = event('bulk.qr.generation.failed', failure);
    const down = { ...publisher, publishRaw: () => Promise.reject(new TransientError('BROKER_UNAVAILABLE', 'down')) };
    expect((await world.deliverWith({ publisher: down }, failed)).batchItemFailures).toHaveLength(1);
    expect(await deliver(failed)).toEqual(DONE);
    await deliver(failed);
    const [told] = await until('the user is told', async () => {
      const updates = await user.updates();
      return updates.length > 0 && updates;
    });
    expect(told).toMatchObject({ template: 'batch-failed', body: `Batch ${batchId} could not be made: No items.` });
  });
});

describe('the erasure of a user', () => {
  it('leaves nothing but hashes of suppressed addresses', async () => {
    const user = asUser();
    await user.prefers({ email: user.email, webhookUrl: 'https://example.com/', unsubscribed: ['teams'] });
    await deliver(user.asked('email'));
    await deliver(event('notification.bounced', { address: user.email, kind: 'complaint', permanent: true }));
    const { objects } = world.connections;
    const signal = AbortSignal.timeout(5_000);
    for (const { erase } of PLACES) {
      expect(await erase(user.userId, { redis, objects, signal })).toBe(3);
      expect(await erase(user.userId, { redis, objects, signal })).toBe(0);
    }
    const left = await redis.keys(`notify:*${user.userId}*`);
    expect(left).toEqual([]);
    await deliver(user.asked('email', { to: user.email }));
    expect(await mailsTo(user.email)).toHaveLength(1);
  });
});
