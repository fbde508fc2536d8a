import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { placesWith } from '../../../handlers/business-automation/places.ts';
import { POLL_MINUTES, UNANSWERED_LOOKS } from '../../../handlers/business-automation/polling.ts';
import { domainsOf } from '../../../handlers/business-automation/reading.ts';
import { challengeName } from '../../../handlers/business-automation/records.ts';
import { domainsOfKey } from '../../../handlers/business-automation/user-domains.ts';
import { closeConnections } from '../../../lib/consumer/index.ts';
import { TransientError } from '../../../lib/errors.ts';
import { entitlementsKey } from '../../../lib/stores/entitlements.ts';
import { testStack } from '../../support/stack.ts';
import { until } from '../../support/until.ts';
import { openAutomation, storyOf, TARGET } from './world.ts';

const automation = await openAutomation(testStack().settings);
const { connections, authority, dns, deliver, deliverWith, take, scheduled, nextDue, newDomain, now } = automation;
const { redis, objects, publisher } = connections;
afterAll(async () => {
  automation.close();
  await closeConnections(connections);
});

const DONE = { batchItemFailures: [] };
const MINUTE = 60_000;

/** A domain that its user has verified. */
const verifiedDomain = async () => {
  const domain = newDomain();
  await deliver(domain.added());
  await domain.setRecords();
  await deliver(await nextDue());
  expect(await domain.state()).toBe('verified');
  return domain;
};

describe('a domain', () => {
  it('goes from its addition to a certificate, and its user sees each step', async () => {
    const domain = newDomain();
    expect(await deliver(domain.added())).toEqual(DONE);
    const token = (await domain.claim())?.token ?? '';
    const records = [
      { type: 'CNAME', name: domain.domain, value: TARGET },
      { type: 'TXT', name: `_qr-challenge.${domain.domain}`, value: token },
    ];
    expect((await domain.updates())[0]).toMatchObject({ type: 'domain.pending', data: { records } });

    await deliver(await nextDue());
    expect((await domain.updates())[1]).toMatchObject({
      type: 'domain.waiting',
      data: { missing: records.map((record) => ({ record, found: [] })) },
    });
    expect((await scheduled()).map(({ dueAt }) => dueAt - now())).toEqual([2 * MINUTE]);

    await domain.setRecords();
    await take();
    await deliver(await nextDue());
    const told = await take();
    expect(storyOf(told)).toEqual([
      'domain-verified by in-app',
      'domain-verified by email',
      'certificate.requested',
      'audit.recorded',
    ]);
    expect(await scheduled()).toEqual([]);

    await deliver(...told.filter(({ eventType }) => eventType === 'certificate.requested'));
    const { arn = '', records: validation = [] } = (await domain.claim())?.certificate ?? {};
    expect(validation).toMatchObject([{ type: 'CNAME', name: expect.stringContaining(domain.domain) }]);
    await take();
    await deliver(await nextDue());
    expect(storyOf(await take())).toEqual([
      'certificate-issued by in-app',
      'certificate-issued by email',
      'audit.recorded',
    ]);
    expect(await domain.state()).toBe('active');
    expect((await domain.updates()).map(({ type }) => type)).toEqual([
      'domain.pending',
      'domain.waiting',
      'domain.verified',
      'certificate.pending',
      'certificate.issued',
    ]);
    expect(await domainsOf(redis, domain.userId)).toMatchObject([
      { state: 'active', wanted: [...records, ...validation] },
    ]);

    const stores = { redis, objects, signal: new AbortController().signal };
    const erase = () => Promise.all(placesWith(() => authority).map((place) => place.erase(domain.userId, stores)));
    expect(await erase()).toEqual([1]);
    expect(await erase()).toEqual([0]);
    expect(await authority.describe(arn)).toBeUndefined();
    expect(await domain.claim()).toBeUndefined();
    // What was scheduled comes to nothing.
    expect(await deliver(domain.asked(1), domain.looked(1), domain.renewal(7))).toEqual(DONE);
    expect(await domain.reasons()).toEqual([]);
  });

  it('written in another way is taken up under its own name', async () => {
    const domain = newDomain();
    await take();
    await deliver(domain.added({ domain: `${domain.domain.toUpperCase()}.` }));
    const [again] = await take();
    expect(again?.payload).toMatchObject({ domain: domain.domain, userId: domain.userId });
    expect(await domain.state()).toBeUndefined();
  });

  it('that is replayed changes nothing; added again while it waits, it keeps its challenge', async () => {
    const domain = newDomain();
    const added = domain.added();
    await deliver(added);
    const before = await domain.claim();
    expect(await deliver(added, added)).toEqual(DONE);
    expect(await domain.claim()).toEqual(before);
    expect(await domain.updates()).toHaveLength(1);
    await deliver(domain.added());
    expect(await domain.claim()).toEqual(before);
    await domain.setRecords();
    const look = await nextDue();
    await take();
    await deliver(look);
    await take();
    expect(await deliver(look)).toEqual(DONE);
    expect(await take()).toEqual([]);
  });

  it('whose records never come is looked for less and less often, then fails, and can be added again', async () => {
    const domain = newDomain();
    await redis.hset(entitlementsKey(domain.userId), 'plan', 'pro');
    await deliver(domain.added());
    const begun = now();
    await take();
    for (const _ of POLL_MINUTES) await deliver(await nextDue());
    expect(now() - begun).toBe(POLL_MINUTES.reduce((sum, minutes) => sum + minutes, 0) * MINUTE);
    expect(await domain.state()).toBe('failed');
    expect(storyOf(await take())).toEqual(['domain-failed by in-app', 'domain-failed by email']);
    expect((await domain.updates()).at(-1)?.data.reason).toBe(
      `These records were not found within 72 hours: CNAME ${domain.domain}, TXT ${challengeName(domain.domain)}.`,
    );
    expect(await scheduled()).toEqual([]);
    // Its place in the plan is free for another.
    expect(await redis.zcount(domainsOfKey(domain.userId), 1, 1)).toBe(0);
    await deliver(domain.added());
    expect(await domain.state()).toBe('pending');
    await nextDue();
  });

  it('whose name server fails holds nothing up', async () => {
    const domain = newDomain();
    await deliver(domain.added());
    await domain.setRecords();
    dns.trouble(challengeName(domain.domain), 'SERVFAIL');
    for (let look = 0; look < UNANSWERED_LOOKS; look += 1) {
      expect(await deliver(await nextDue())).toEqual(DONE);
      const [next] = await scheduled();
      expect(next?.event.payload).toMatchObject({ attempt: 0 });
      expect((next?.dueAt ?? 0) - now()).toBe(MINUTE);
    }
    await deliver(await nextDue());
    expect((await scheduled())[0]?.event.payload).toMatchObject({ attempt: 1 });
    dns.trouble(challengeName(domain.domain), undefined);
    await deliver(await nextDue());
    expect(await domain.state()).toBe('verified');
  });

  it('can be looked at in between, without losing the look that is due', async () => {
    const domain = newDomain();
    await deliver(domain.added());
    await deliver(await nextDue());
    const due = await scheduled();
    await deliver(domain.looked(0));
    expect(await scheduled()).toEqual(due);
    await domain.setRecords();
    await deliver(domain.looked(0));
    expect(await domain.state()).toBe('verified');
    expect(await scheduled()).toEqual([]);
  });
});

describe('a domain that cannot be had', () => {
  it('is refused with a reason that its user sees too', async () => {
    const domain = newDomain('printer.local');
    await deliver(domain.added());
    const reason = '"printer.local" cannot be used as a domain: .local is no public domain ending.';
    expect(await domain.reasons()).toContain(reason);
    expect(await domain.updates()).toMatchObject([{ type: 'domain.refused', data: { reason } }]);
  });

  it('is one that another account has verified, whoever added it first', async () => {
    const first = newDomain();
    const second = newDomain(first.domain, randomUUID());
    const third = newDomain(first.domain, randomUUID());
    await deliver(first.added(), second.added());
    await second.setRecords();
    await deliver(second.looked());
    expect(await second.state()).toBe('verified');
    await deliver(third.added());
    expect(await third.reasons()).toEqual([`Domain ${first.domain} is already verified by another account.`]);
    await deliver(await nextDue());
    expect(await first.claim()).toMatchObject({
      state: 'failed',
      reason: 'Another account has verified this domain.',
    });
  });

  it('is one too many for the plan', async () => {
    const userId = randomUUID();
    await redis.hset(entitlementsKey(userId), 'plan', 'pro');
    const [one, two] = [newDomain(undefined, userId), newDomain(undefined, userId)];
    await deliver(one.added(), two.added());
    expect(await one.state()).toBe('pending');
    expect(await two.state()).toBeUndefined();
    expect(await two.reasons()).toEqual([`Domain ${two.domain} is one too many: the plan pro includes 1.`]);
    await nextDue();
  });

  it('is one that is to point to what is no host', async () => {
    const domain = newDomain();
    await deliver(domain.added({ target: 'http://me' }), domain.added({ target: domain.domain }));
    expect(await domain.reasons()).toHaveLength(2);
    expect(await domain.state()).toBeUndefined();
  });
});

describe('an illegal event', () => {
  it('is a dead letter that names both states, and the next event is worked', async () => {
    const domain = newDomain();
    await deliver(domain.certified(), domain.added(), domain.asked());
    expect(await domain.state()).toBe('pending');
    const possible = 'that is possible from';
    expect(await domain.reasons()).toEqual([
      `Domain ${domain.domain} cannot go from new to certifying: ${possible} verified, certificate-failed.`,
      `Domain ${domain.domain} cannot go from pending to active: ${possible} certifying.`,
    ]);
    await nextDue();
    const verified = await verifiedDomain();
    await deliver(verified.added());
    expect(await verified.reasons()).toEqual([
      `Domain ${verified.domain} cannot go from verified to pending: ${possible} new, pending, failed.`,
    ]);
  });
});

describe('a broker that is away', () => {
  it('is a transient failure: the domain is verified when it is back', async () => {
    const domain = newDomain();
    await deliver(domain.added());
    await domain.setRecords();
    const look = await nextDue();
    const away = { ...publisher, publishRaw: () => Promise.reject(new TransientError('BROKER_UNAVAILABLE', 'down')) };
    expect((await deliverWith({ publisher: away }, look)).batchItemFailures).toHaveLength(1);
    expect(await domain.state()).toBe('pending');
    expect(await deliver(look)).toEqual(DONE);
    expect(await domain.state()).toBe('verified');
  });
});

describe('the function of the stack', () => {
  it('takes up a domain that is published', async () => {
    const domain = newDomain();
    await publisher.publish(domain.added());
    await until('the domain is pending', async () => (await domain.state()) === 'pending');
  });
});
