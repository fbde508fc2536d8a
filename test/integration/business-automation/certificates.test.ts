import { afterAll, describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../handlers/business-automation/expiry.ts';
import { POLL_MINUTES } from '../../../handlers/business-automation/polling.ts';
import { closeConnections } from '../../../lib/consumer/index.ts';
import { openSchedule } from '../../../lib/scheduler/index.ts';
import { testStack } from '../../support/stack.ts';
import { openAutomation, storyOf } from './world.ts';

const automation = await openAutomation(testStack().settings, { ownAcm: true });
const { connections, acm, deliver, deliverWith, take, scheduled, nextDue, newDomain, now } = automation;
const { redis, objects } = connections;
afterAll(async () => {
  automation.close();
  await closeConnections(connections);
});

const DONE = { batchItemFailures: [] };

const verifiedDomain = async () => {
  const domain = newDomain();
  await deliver(domain.added());
  await domain.setRecords();
  await deliver(await nextDue());
  return domain;
};

/** A domain whose certificate is waited for; as the server has it. */
const certifiedDomain = async () => {
  const domain = await verifiedDomain();
  await deliver(domain.certified());
  const certificate = acm.certificates.at(-1);
  if (certificate === undefined) throw new Error('no certificate was requested');
  return { domain, certificate };
};

/** One whose certificate ends after so many days. */
const activeDomain = async (days: number) => {
  const { domain, certificate } = await certifiedDomain();
  certificate.Status = 'ISSUED';
  certificate.NotAfter = now() / 1_000 + days * (DAY_MS / 1_000);
  await deliver(await nextDue());
  expect(await domain.state()).toBe('active');
  return { domain, certificate };
};

/** Takes what is scheduled out again, for the next test. */
const forgetScheduled = async () => {
  while ((await scheduled()).length > 0) await nextDue();
};

describe('a certificate', () => {
  it('is waited for less and less often, until the authority gives up', async () => {
    const { domain, certificate } = await certifiedDomain();
    await deliver(await nextDue());
    expect((await scheduled())[0]?.event.payload).toMatchObject({ attempt: 1 });
    certificate.Status = 'VALIDATION_TIMED_OUT';
    await take();
    await deliver(await nextDue());
    expect(storyOf(await take())).toEqual(['certificate-failed by in-app', 'certificate-failed by email']);
    expect(await domain.claim()).toMatchObject({
      state: 'certificate-failed',
      reason: 'The validation record of the certificate was not found in time.',
    });
    expect(await scheduled()).toEqual([]);
  });

  it('is not waited for without an end', async () => {
    const { domain } = await certifiedDomain();
    for (const _ of POLL_MINUTES) await deliver(await nextDue());
    expect(await domain.state()).toBe('certificate-failed');
    expect(await scheduled()).toEqual([]);
  });

  it('that failed says why, and can be requested anew: the old one goes', async () => {
    const { domain, certificate } = await certifiedDomain();
    certificate.Status = 'FAILED';
    certificate.FailureReason = 'CAA_ERROR';
    await deliver(await nextDue());
    const reason = 'A CAA record of the domain does not let Amazon issue certificates for it.';
    expect((await domain.updates()).at(-1)).toMatchObject({ type: 'certificate.failed', data: { reason } });
    await deliver(domain.certified());
    expect(await domain.state()).toBe('certifying');
    const arns = acm.certificates.filter(({ DomainName }) => DomainName === domain.domain);
    expect(arns.map(({ CertificateArn }) => CertificateArn)).toEqual([(await domain.claim())?.certificate?.arn]);
    expect(arns).not.toContain(certificate);
    await forgetScheduled();
  });

  it('is requested once, also when the first try is cut off after the request', async () => {
    const domain = await verifiedDomain();
    const request = domain.certified();
    const schedule = openSchedule(redis, objects, 'test-cut-off');
    const cutOff = { ...schedule, put: () => Promise.reject(new Error('cut off')) };
    expect((await deliverWith({ schedule: cutOff }, request)).batchItemFailures).toHaveLength(1);
    expect(await domain.state()).toBe('verified');
    expect(await deliver(request, request)).toEqual(DONE);
    expect(acm.certificates.filter(({ DomainName }) => DomainName === domain.domain)).toHaveLength(1);
    await forgetScheduled();
  });

  it('whose authority throttles is tried again', async () => {
    const domain = await verifiedDomain();
    const request = domain.certified();
    acm.fail('RequestCertificate', 'ThrottlingException', 2);
    expect((await deliver(request)).batchItemFailures).toHaveLength(1);
    expect(await deliver(request)).toEqual(DONE);
    expect(await domain.state()).toBe('certifying');
    acm.fail('DescribeCertificate', 'InternalServerException', 2);
    const look = await nextDue();
    expect((await deliver(look)).batchItemFailures).toHaveLength(1);
    expect(await deliver(look)).toEqual(DONE);
    await forgetScheduled();
  });

  it('that the authority refuses is a dead letter; its user hears of it', async () => {
    const domain = await verifiedDomain();
    acm.fail('RequestCertificate', 'InvalidDomainValidationOptionsException', 1);
    await take();
    const request = domain.certified();
    expect(await deliver(request)).toEqual(DONE);
    const reason = 'The certificate authority refuses: InvalidDomainValidationOptionsException for the test';
    expect(await domain.reasons()).toEqual([reason]);
    expect(storyOf(await take())).toEqual(['certificate-failed by in-app', 'certificate-failed by email']);
    expect((await domain.updates()).at(-1)?.data.reason).toBe(reason);
    // Requested once more, it goes on as if nothing had been.
    expect(await domain.state()).toBe('verified');
    await deliver(domain.certified());
    expect(await domain.state()).toBe('certifying');
    await forgetScheduled();
  });
});

describe('the end of a certificate', () => {
  it('is warned of at 30, 14, 7 and 1 days, and told when it has come', async () => {
    const { domain } = await activeDomain(395);
    await take();
    const story: string[] = [];
    while ((await scheduled()).length > 0) {
      await deliver(await nextDue());
      const data = (await domain.updates()).at(-1)?.data;
      story.push(`${storyOf(await take())[0]} ${data?.daysLeft ?? data?.reason}`);
    }
    expect(story).toEqual([
      'certificate-expiring by in-app 30',
      'certificate-expiring by in-app 14',
      'certificate-expiring by in-app 7',
      'certificate-expiring by in-app 1',
      'certificate-failed by in-app The certificate has expired.',
    ]);
    expect(await domain.state()).toBe('certificate-failed');
  });

  it('is no news when it was renewed meanwhile: the warnings move with it', async () => {
    const { domain, certificate } = await activeDomain(40);
    const due = await nextDue();
    certificate.NotAfter = now() / 1_000 + 365 * (DAY_MS / 1_000);
    await take();
    await deliver(due);
    expect(await take()).toEqual([]);
    expect((await domain.updates()).at(-1)?.type).toBe('certificate.renewed');
    expect((await scheduled()).map(({ dueAt }) => (dueAt - now()) / DAY_MS)).toEqual([335, 351, 358, 364, 365]);
    await forgetScheduled();
  });

  it('comes at once for one that is gone', async () => {
    const { domain, certificate } = await activeDomain(40);
    acm.certificates.splice(acm.certificates.indexOf(certificate), 1);
    await deliver(await nextDue());
    expect(await domain.claim()).toMatchObject({
      state: 'certificate-failed',
      reason: 'The certificate is not there any more.',
    });
    expect(await scheduled()).toEqual([]);
  });
});
