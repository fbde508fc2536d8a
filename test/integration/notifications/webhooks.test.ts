import { randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { afterAll, describe, expect, it } from 'vitest';
import { FAILURES_TO_PAUSE } from '../../../handlers/notifications/webhooks/endpoint-state.ts';
import { until } from '../../support/until.ts';
import { answer, openReceiver } from './receiver.ts';
import { DONE, newUser, openWorld } from './world.ts';

const receiver = await openReceiver();
/** Long enough for a busy machine, short enough for the test of one that never answers. */
const TIMEOUT_MS = 2_500;
const world = openWorld((ports) => ({
  ...ports,
  webhooks: { allowed: [receiver.host], timeoutMs: TIMEOUT_MS, slowMs: TIMEOUT_MS },
}));
const { deliver, reasons, putOff, advance, mailsTo } = world;
afterAll(async () => {
  await receiver.close();
  await world.close();
});

const SECRET = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;

/** A user with an endpoint of their own. */
const withEndpoint = async (url?: string) => {
  const user = newUser(world);
  const path = `/${randomUUID()}`;
  await user.prefers({ email: user.email, webhookUrl: url ?? receiver.url(path), webhookSecret: SECRET });
  return { ...user, path, received: () => receiver.at(path) };
};

type User = Awaited<ReturnType<typeof withEndpoint>>;

/** Puts the clock forward to when the user's notification comes again, and delivers it. */
const comesAgain = async ({ userId }: User) => {
  const [next] = await putOff(userId);
  if (next === undefined) throw new Error('nothing was put off');
  advance(Math.max(0, next.dueAt - world.now()));
  return deliver(next.event);
};

const SECOND = 1_000;

describe('a webhook', () => {
  it('is signed as the standard says, tells the message and its data, and goes once', async () => {
    const user = await withEndpoint();
    const asked = user.asked('webhook', { dedupeKey: 'k' });
    expect(await deliver(asked)).toEqual(DONE);
    await deliver(asked);
    await deliver(user.asked('webhook', { dedupeKey: 'k' }));
    const [one, ...others] = user.received();
    expect(others).toEqual([]);
    const {
      'webhook-id': id = '',
      'webhook-timestamp': at = '',
      'webhook-signature': signature = '',
    } = Object.fromEntries(Object.entries(one?.headers ?? {}).map(([name, value]) => [name, String(value)]));
    const headers = { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature };
    expect(new Webhook(SECRET).verify(one?.body ?? '', headers)).toEqual({
      type: 'milestone',
      timestamp: asked.timestamp,
      data: { qrId: 'qr-1', scans: '1,000' },
      message: {
        title: '1,000 scans',
        body: 'Your code qr-1 has reached 1,000 scans.',
        url: `${world.settings.appUrl}/codes/qr-1/analytics`,
      },
    });
    expect(one?.headers['content-type']).toBe('application/json');
  });

  it('that meets a 500 comes again later, the same to its receiver, and holds nobody up', async () => {
    const [user, other] = [await withEndpoint(), await withEndpoint()];
    receiver.answers(user.path, answer(500), answer(204));
    expect(await deliver(user.asked('webhook'), other.asked('webhook'))).toEqual(DONE);
    expect(other.received()).toHaveLength(1);
    expect(user.received()).toHaveLength(1);
    expect(await comesAgain(user)).toEqual(DONE);
    const [first, second] = user.received();
    expect(second?.body).toBe(first?.body);
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(await reasons(user.userId)).toEqual([]);
  });

  it('that was put off is put off once, however often its event is delivered', async () => {
    const user = await withEndpoint();
    receiver.answers(user.path, answer(503));
    const asked = user.asked('webhook');
    await deliver(asked);
    await deliver(asked);
    expect(await putOff(user.userId)).toHaveLength(1);
    expect(user.received()).toHaveLength(1);
  });

  it('that meets a 429 waits for as long as it is asked to, and so do the others for this endpoint', async () => {
    const user = await withEndpoint();
    receiver.answers(user.path, answer(429, { 'retry-after': '120' }), answer(200));
    const before = world.now();
    expect(await deliver(user.asked('webhook'), user.asked('webhook'))).toEqual(DONE);
    expect(user.received()).toHaveLength(1);
    const waiting = await putOff(user.userId);
    expect(waiting).toHaveLength(2);
    for (const { dueAt } of waiting) {
      expect(dueAt - before).toBeGreaterThanOrEqual(120 * SECOND);
      expect(dueAt - before).toBeLessThan(150 * SECOND);
    }
    advance(150 * SECOND);
    await deliver(...waiting.map((one) => one.event));
    expect(user.received()).toHaveLength(3);
    const ids = new Set(user.received().map(({ headers }) => headers['webhook-id']));
    expect(ids.size).toBe(2);
  });

  it('that meets a 404 is a dead letter that says so and does not hold the address', async () => {
    const user = await withEndpoint();
    receiver.answers(user.path, answer(404));
    expect(await deliver(user.asked('webhook'))).toEqual(DONE);
    expect(await reasons(user.userId)).toEqual([`The webhook endpoint of user ${user.userId} answers 404.`]);
  });

  it('does not follow a redirect', async () => {
    const [user, target] = [await withEndpoint(), await withEndpoint()];
    receiver.answers(user.path, answer(302, { location: receiver.url(target.path) }));
    await deliver(user.asked('webhook'));
    expect(target.received()).toEqual([]);
    expect(await reasons(user.userId)).toEqual([
      `The webhook endpoint of user ${user.userId} answers 302, a redirect, which is not followed.`,
    ]);
  });

  it('to one that never answers is given up in time and comes again, while others go', async () => {
    const [slow, quick] = [await withEndpoint(), await withEndpoint()];
    receiver.answers(slow.path, () => undefined, answer(200));
    // The second is not tried: the endpoint is known to be slow by then.
    expect(await deliver(slow.asked('webhook'), slow.asked('webhook'), quick.asked('webhook'))).toEqual(DONE);
    expect(quick.received()).toHaveLength(1);
    expect(slow.received()).toHaveLength(1);
    expect(await putOff(slow.userId)).toHaveLength(2);
  });

  it('has arrived when the status says so, even if the rest of the answer never comes', async () => {
    const user = await withEndpoint();
    receiver.answers(user.path, (response) => {
      response.writeHead(200);
      response.write('{');
    });
    expect(await deliver(user.asked('webhook'))).toEqual(DONE);
    expect(await putOff(user.userId)).toEqual([]);
    expect(user.received()).toHaveLength(1);
  });

  it('to one that is slow goes, and the next for it waits, while others go', async () => {
    const [slow, quick] = [await withEndpoint(), await withEndpoint()];
    receiver.answers(slow.path, (response) => setTimeout(() => response.writeHead(200).end(), 20));
    // A clock that stands still: the endpoint rests a few times as long as it took, which a busy machine sleeps through.
    const standing = Date.now();
    const impatient = openWorld((ports) => ({
      ...ports,
      now: () => standing,
      webhooks: { allowed: [receiver.host], timeoutMs: TIMEOUT_MS, slowMs: 1 },
    }));
    expect(await impatient.deliver(slow.asked('webhook'), slow.asked('webhook'), quick.asked('webhook'))).toEqual(DONE);
    expect(slow.received()).toHaveLength(1);
    expect(quick.received()).toHaveLength(1);
    expect(await impatient.putOff(slow.userId)).toHaveLength(1);
    await impatient.close();
  });

  it('reads no more of an answer than it must', async () => {
    const user = await withEndpoint();
    let written: number | undefined;
    receiver.answers(user.path, (response) => {
      const { socket } = response;
      response.on('close', () => {
        written = socket?.bytesWritten ?? 0;
      });
      response.writeHead(200);
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(16 * 1_024)));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    });
    expect(await deliver(user.asked('webhook'))).toEqual(DONE);
    expect(await putOff(user.userId)).toEqual([]);
    // What both kernels hold, and no gigabytes, which it would be until the timeout.
    expect(await until('the connection is closed', () => written)).toBeLessThan(32 * 1_024 * 1_024);
  });
});

describe('an endpoint', () => {
  it('whose name leads to an address that is not public is refused, whatever it would answer', async () => {
    const user = await withEndpoint(`https://localhost:${receiver.port}/hook`);
    expect(await deliver(user.asked('webhook'))).toEqual(DONE);
    expect(receiver.at('/hook')).toEqual([]);
    expect(await reasons(user.userId)).toEqual([
      `The webhook endpoint of user ${user.userId} leads to an address that is not public.`,
    ]);
  });

  it('that a notification names has the same rules', async () => {
    const user = await withEndpoint();
    await deliver(user.asked('webhook', { to: `http://localhost:${receiver.port}/hook` }));
    expect(receiver.at('/hook')).toEqual([]);
    expect(await reasons(user.userId)).toEqual([
      `The webhook notification of user ${user.userId} cannot go: its address must be https.`,
    ]);
  });

  it('without a secret gets nothing, as nothing could be signed', async () => {
    const user = newUser(world);
    await deliver(user.asked('webhook', { to: receiver.url('/unsigned') }));
    expect(receiver.at('/unsigned')).toEqual([]);
    expect(await reasons(user.userId)).toEqual([
      `User ${user.userId} has no webhook secret: nothing can be signed for them.`,
    ]);
  });

  it('that keeps failing is paused, its owner is told once, and saving the settings resumes it', async () => {
    const user = await withEndpoint();
    receiver.answers(user.path, answer(500));
    await deliver(user.asked('webhook'));
    for (let failures = 1; failures < FAILURES_TO_PAUSE; failures += 1) expect(await comesAgain(user)).toEqual(DONE);
    expect(user.received()).toHaveLength(FAILURES_TO_PAUSE);
    // The one that was put off last, and another one: neither is tried.
    await comesAgain(user);
    await deliver(user.asked('webhook'));
    expect(user.received()).toHaveLength(FAILURES_TO_PAUSE);
    // The function of the stack works for the same user at the same time: then an update may be there twice, under one id.
    const skipped = new Map((await user.updates('notification.skipped')).map((update) => [update.id, update.reason]));
    expect([...skipped.values()]).toEqual(['paused', 'paused']);
    // The function of the stack sends what we have asked for.
    const [told] = await until('the owner is told', async () => {
      const [mails, updates] = [await mailsTo(user.email), await user.updates()];
      return mails.length > 0 && updates.length > 0 && updates;
    });
    const url = receiver.url(user.path);
    expect(told).toMatchObject({
      template: 'endpoint-paused',
      body: `Your webhook endpoint ${url} is paused: HTTP 500 × ${FAILURES_TO_PAUSE}`,
    });
    expect(await mailsTo(user.email)).toHaveLength(1);

    receiver.answers(user.path, answer(200));
    await user.prefers({ webhookUrl: url });
    await deliver(user.asked('webhook'));
    expect(user.received()).toHaveLength(FAILURES_TO_PAUSE + 1);
  });

  it('that says it is gone is paused at once', async () => {
    const user = await withEndpoint();
    receiver.answers(user.path, answer(410));
    await deliver(user.asked('webhook'));
    await deliver(user.asked('webhook'));
    expect(user.received()).toHaveLength(1);
    expect(await reasons(user.userId)).toEqual([`The webhook endpoint of user ${user.userId} answers 410.`]);
    await until('the owner is told', async () => (await user.updates()).length > 0);
  });

  it('that has not taken a message for a day is not asked again', async () => {
    const user = await withEndpoint();
    receiver.answers(user.path, answer(429, { 'retry-after': '21600' }));
    await deliver(user.asked('webhook'));
    for (let quarters = 1; quarters < 4; quarters += 1) expect(await comesAgain(user)).toEqual(DONE);
    expect(await reasons(user.userId)).toEqual([]);
    await comesAgain(user);
    expect(await reasons(user.userId)).toEqual([
      `The webhook endpoint of user ${user.userId} has not taken it for a day (HTTP 429).`,
    ]);
  });
});

describe('an invocation without time', () => {
  it('puts a webhook off rather than begin it', async () => {
    const hurried = openWorld((ports) => ({
      ...ports,
      webhooks: { allowed: [receiver.host], timeoutMs: 60 * SECOND, slowMs: SECOND },
    }));
    const user = await withEndpoint();
    expect(await hurried.deliver(user.asked('webhook'))).toEqual(DONE);
    expect(user.received()).toEqual([]);
    expect(await hurried.putOff(user.userId)).toHaveLength(1);
    await hurried.close();
  });
});
