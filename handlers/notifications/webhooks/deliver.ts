import { type FollowUp, type HandlerContext, notifiedInAppAndByEmail } from '../../../lib/consumer/index.ts';
import { PermanentError } from '../../../lib/errors.ts';
import {
  type Endpoint,
  endpointFailed,
  endpointIsWell,
  endpointName,
  endpointWaits,
  readEndpoint,
} from './endpoint-state.ts';
import { retryAfterMs } from './retry-after.ts';
import { signedHeaders } from './signature.ts';
import { type Answer, post, type Resolve } from './transport.ts';
import { isAllowedHost, type UrlRules } from './url-rules.ts';

/** A webhook as it is to be sent. */
export interface Webhook {
  readonly userId: string;
  /** The same at every attempt. */
  readonly id: string;
  readonly url: string;
  readonly secret: string;
  /** JSON, the same at every attempt. */
  readonly body: string;
  /** When it was first asked for, milliseconds since 1970. */
  readonly since: number;
}

export interface WebhookRules extends UrlRules {
  /** Milliseconds for one attempt. */
  readonly timeoutMs: number;
  /** Milliseconds after which an answer is slow. */
  readonly slowMs: number;
  readonly resolve?: Resolve;
}

/** What became of an attempt, or of the wish for one. */
export type Delivery =
  | { readonly result: 'sent' }
  /** To be tried again at a time, milliseconds since 1970. */
  | { readonly result: 'put-off'; readonly until: number; readonly news: readonly FollowUp[] }
  | { readonly result: 'paused'; readonly news: readonly FollowUp[] }
  | { readonly result: 'refused'; readonly error: PermanentError; readonly news: readonly FollowUp[] };

/** One that could not be delivered for so long is given up. */
const LONGEST_MS = 24 * 60 * 60 * 1_000;
/** Waited after a 429 that does not say how long. */
const BUSY_MS = 30_000;
/** An endpoint that is slow is left alone for so many times as long as it took. */
const REST_FACTOR = 4;
/** Kept back of an invocation beside the attempt itself. */
const SPARE_MS = 2_000;

/**
 * Tries to deliver a webhook. What may succeed later is put off and never awaited here: a partition is shared by many users,
 * and the endpoint of one must not hold up the rest. For the same reason an endpoint that has just failed, or was slow,
 * is left alone for a while, and nothing is begun that the invocation has no time for.
 *
 * @param now milliseconds since 1970
 */
export const deliverWebhook = async (
  webhook: Webhook,
  rules: WebhookRules,
  { redis, remainingMs, signal }: Pick<HandlerContext, 'redis' | 'remainingMs' | 'signal'>,
  now: number,
): Promise<Delivery> => {
  const { userId, url, id, secret, body } = webhook;
  const known = await readEndpoint(redis, userId, url);
  if (known.pausedAt !== undefined) return { result: 'paused', news: pauseNews(webhook, known) };
  if (known.retryAt > now) return later(webhook, known.retryAt, now, 'it failed or was slow before');
  if (remainingMs() < rules.timeoutMs + SPARE_MS) return later(webhook, now, now, 'there was no time');
  const target = new URL(url);
  const { timeoutMs, resolve } = rules;
  const begun = performance.now();
  const answer = await post({
    url: target,
    body,
    headers: signedHeaders(secret, id, now, body),
    timeoutMs,
    anyAddress: isAllowedHost(target, rules),
    signal,
    ...(resolve === undefined ? {} : { resolve }),
  });
  const took = Math.round(performance.now() - begun);
  const verdict = verdictOn(answer, now);
  switch (verdict.kind) {
    case 'well':
      if (known.failures > 0 || known.retryAt > 0) await endpointIsWell(redis, userId, url);
      if (took >= rules.slowMs) await endpointWaits(redis, userId, url, now + took * (1 + REST_FACTOR));
      return { result: 'sent' };
    case 'busy':
      await endpointWaits(redis, userId, url, now + verdict.wait);
      return later(webhook, now + verdict.wait, now, verdict.reason);
    case 'failing': {
      const after = await endpointFailed(redis, userId, url, { now, ...verdict });
      const put = later(webhook, after.retryAt, now, verdict.reason);
      return { ...put, news: pauseNews(webhook, after) };
    }
    case 'refusing': {
      const after = await endpointFailed(redis, userId, url, { now, ...verdict });
      return { result: 'refused', error: refused(userId, verdict.why), news: pauseNews(webhook, after) };
    }
  }
};

/** What an answer means, and for how long. `reason` is a code, `why` the rest of a sentence. */
type Verdict =
  | { readonly kind: 'well' }
  | { readonly kind: 'busy'; readonly reason: string; readonly wait: number }
  | { readonly kind: 'failing'; readonly reason: string; readonly wait?: number | undefined }
  | { readonly kind: 'refusing'; readonly reason: string; readonly why: string; readonly isGone?: boolean };

const TOO_MANY_REQUESTS = 429;
const GONE = 410;

const verdictOn = (answer: Answer, now: number): Verdict => {
  if (answer.kind === 'forbidden') {
    return { kind: 'refusing', reason: 'not public', why: 'leads to an address that is not public' };
  }
  if (answer.kind === 'silent') return { kind: 'failing', reason: answer.reason };
  const { status, retryAfter } = answer;
  const reason = `HTTP ${status}`;
  const wait = retryAfterMs(retryAfter, now);
  if (status >= 200 && status < 300) return { kind: 'well' };
  if (status === TOO_MANY_REQUESTS) return { kind: 'busy', reason, wait: wait ?? BUSY_MS };
  if (status >= 500) return { kind: 'failing', reason, wait };
  if (status < 400) return { kind: 'refusing', reason, why: `answers ${status}, a redirect, which is not followed` };
  return { kind: 'refusing', reason, why: `answers ${status}`, isGone: status === GONE };
};

/** Put off, or given up when it has been put off for too long. */
const later = (
  { userId, since }: Webhook,
  until: number,
  now: number,
  reason: string,
): Extract<Delivery, { result: 'put-off' | 'refused' }> =>
  now - since < LONGEST_MS
    ? { result: 'put-off', until, news: [] }
    : { result: 'refused', error: refused(userId, `has not taken it for a day (${reason})`), news: [] };

const refused = (userId: string, why: string): PermanentError =>
  new PermanentError('REFUSED', `The webhook endpoint of user ${userId} ${why}.`, {
    next: 'Its owner must mend it and save the webhook settings again; then redrive the record',
  });

/** Tells the owner of a pause, by what still reaches them; nothing when they know, or nothing is paused. */
const pauseNews = ({ userId, url }: Webhook, { pausedAt, pausedFor, isTold }: Endpoint): readonly FollowUp[] => {
  if (pausedAt === undefined || isTold) return [];
  const { origin, pathname } = new URL(url);
  // Without its query, which may hold a secret.
  const data = { url: `${origin}${pathname}`, reason: pausedFor };
  const dedupeKey = `endpoint-paused/${endpointName(url)}/${pausedAt}`;
  return notifiedInAppAndByEmail({ userId, template: 'endpoint-paused', data, dedupeKey });
};
