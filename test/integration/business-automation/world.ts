import { randomUUID } from 'node:crypto';
import { openAuthority } from '../../../handlers/business-automation/authority.ts';
import { readClaim } from '../../../handlers/business-automation/claim.ts';
import { automationHandlers } from '../../../handlers/business-automation/handlers.ts';
import { openLookups } from '../../../handlers/business-automation/lookups.ts';
import { challengeName } from '../../../handlers/business-automation/records.ts';
import { type Connections, createConsumer } from '../../../lib/consumer/index.ts';
import { type EventInputs, type EventOf, eventOf } from '../../../lib/events/index.ts';
import { openSchedule } from '../../../lib/scheduler/index.ts';
import type { Settings } from '../../../lib/settings.ts';
import { startAcmServer } from '../../support/acm-server.ts';
import { deliveryTo } from '../../support/delivery.ts';
import { startDnsServer } from '../../support/dns-server.ts';
import { recorderOn } from '../../support/recorder.ts';
import { updatesOf } from '../../support/updates.ts';

const TOPIC = 'business-automation';
export const TARGET = 'domains.qr-saas.com';

type Type = keyof ReturnType<typeof automationHandlers>;

/** A time at which nothing is due by the clock of the machine. */
const START = Date.UTC(2099, 0, 1);

/**
 * The consumer with a name server, a certificate authority and a clock of its own: what is scheduled stays here until a test
 * delivers it. Its authority is the emulator of the stack, or with `ownAcm` a server that can be made to fail.
 */
export const openAutomation = async (settings: Settings, { ownAcm = false }: { readonly ownAcm?: boolean } = {}) => {
  const [dns, acm] = await Promise.all([startDnsServer(), startAcmServer()]);
  const authority = openAuthority({ awsEndpoint: ownAcm ? acm.url : settings.awsEndpoint });
  let time = START;
  const { connections, deliverWith, reasons } = deliveryTo(
    TOPIC,
    (options) =>
      createConsumer(
        TOPIC,
        automationHandlers({
          // Patient with a busy machine; a server that is silent on purpose costs so long.
          lookups: openLookups([dns.address], { timeoutMs: 1_000, tries: 1 }),
          authority,
          target: TARGET,
          now: () => time,
        }),
        options,
      ),
    settings,
  );
  const { redis, objects } = connections;
  const schedule = openSchedule(redis, objects, `test-${randomUUID()}`);
  const { publisher, events: take } = recorderOn(connections.publisher, { held: TOPIC });
  const deliver = (...events: readonly EventOf[]) => deliverWith({ publisher, schedule }, ...events);

  /** What is scheduled, soonest first; the clock moves to the first, and it leaves the schedule. */
  const scheduled = async () => {
    const entries = await schedule.due(Number.MAX_SAFE_INTEGER, 100);
    return Promise.all(
      entries.map(async ({ key, dueAt, record }) => ({
        key,
        dueAt,
        event: await publisher.codec.decode({ ...record, partition: 0, offset: 0, timestamp: 0 }),
      })),
    );
  };
  const nextDue = async (): Promise<EventOf> => {
    const [entry] = await schedule.due(Number.MAX_SAFE_INTEGER, 1);
    const [next] = await scheduled();
    if (entry === undefined || next === undefined) throw new Error('nothing is scheduled');
    await schedule.published(entry);
    time = Math.max(time, next.dueAt);
    return next.event;
  };

  const newDomain = (domain = `go.${randomUUID().slice(0, 13)}.example.com`, userId: string = randomUUID()) => {
    const event = <T extends Type>(type: T, payload: EventInputs[T]): EventOf =>
      eventOf(type, payload, { source: 'test' });
    const claim = () => readClaim(redis, domain, userId);
    return {
      domain,
      userId,
      added: (more: Partial<EventInputs['domain.added']> = {}) =>
        event('domain.added', { domain, userId, target: null, ...more }),
      looked: (attempt = 0) => event('domain.verification.requested', { domain, userId, attempt }),
      certified: () => event('certificate.requested', { domain, userId }),
      asked: (attempt = 0) => event('certificate.status.requested', { domain, userId, attempt }),
      renewal: (daysLeft: number) => event('certificate.renewal.due', { domain, userId, daysLeft }),
      claim,
      state: async () => (await claim())?.state,
      /** Sets the records that its user was told to set. */
      setRecords: async () => {
        dns.set(domain, 'CNAME', TARGET);
        dns.set(challengeName(domain), 'TXT', (await claim())?.token ?? '');
      },
      updates: () => updatesOf(redis, userId),
      reasons: () => reasons(domain),
    };
  };

  return {
    connections,
    authority,
    dns,
    acm,
    deliver,
    /** With something of the connections replaced. */
    deliverWith: (others: Partial<Connections>, ...events: readonly EventOf[]) =>
      deliverWith({ publisher, schedule, ...others }, ...events),
    take,
    scheduled,
    nextDue,
    newDomain,
    now: () => time,
    close: () => {
      dns.close();
      acm.close();
      authority.close();
    },
  };
};

/** What users were told, as `template by channel`, and what else was published, by type. */
export const storyOf = (events: readonly EventOf[]): string[] =>
  events.map(({ eventType, payload }) =>
    eventType === 'notification.requested' && 'template' in payload
      ? `${payload.template} by ${payload.channel}`
      : eventType,
  );
