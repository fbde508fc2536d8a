import { describe, expect, it } from 'vitest';
import { DAY_MS, WARNING_DAYS, warningsOf } from '../../../handlers/business-automation/expiry.ts';
import { nextPoll, POLL_HOURS, POLL_MINUTES } from '../../../handlers/business-automation/polling.ts';
import { challengeToken, wantedRecords } from '../../../handlers/business-automation/records.ts';
import { DOMAIN_STATES, isOwned, mayProceed, TRANSITIONS } from '../../../handlers/business-automation/states.ts';

describe('the states of a domain', () => {
  it('let an event proceed, be over, or be refused with both states named', () => {
    expect(mayProceed('domain.added', 'x.com', undefined)).toBe(true);
    expect(mayProceed('domain.verification.requested', 'x.com', 'active')).toBe(false);
    expect(() => mayProceed('certificate.requested', 'x.com', 'pending')).toThrow(
      'Domain x.com cannot go from pending to certifying: that is possible from verified, certificate-failed.',
    );
  });

  it('say of no state that an event may start from it and that it is over', () => {
    for (const { from, over } of Object.values(TRANSITIONS)) {
      expect(from.filter((state) => over.includes(state))).toEqual([]);
    }
  });

  it('keep a domain from others from its verification on', () => {
    expect(DOMAIN_STATES.filter(isOwned)).toEqual(['verified', 'certifying', 'certificate-failed', 'active']);
  });
});

describe('polling', () => {
  it('becomes slower and ends within the hours it speaks of', () => {
    expect([...POLL_MINUTES].sort((a, b) => a - b)).toEqual(POLL_MINUTES);
    const hours = POLL_MINUTES.reduce((sum, minutes) => sum + minutes, 0) / 60;
    expect(hours).toBeLessThanOrEqual(POLL_HOURS);
    expect(hours).toBeGreaterThan(POLL_HOURS - 1);
  });

  it('has one entry a domain and user, and none after the last', () => {
    const at = (attempt: number) => nextPoll('domain.verification.requested', 'x.com', 'u1', attempt, 0);
    expect(at(1)).toMatchObject({ key: at(0)?.key, at: '1970-01-01T00:02:00.000Z' });
    expect(at(POLL_MINUTES.length)).toBeUndefined();
  });
});

describe('the warnings of a certificate', () => {
  it('are those that are still to come', () => {
    const daysOf = (daysLeft: number) =>
      warningsOf('x.com', 'u1', daysLeft * DAY_MS, 0).map(({ at }) => daysLeft - Date.parse(at) / DAY_MS);
    expect(daysOf(365)).toEqual(WARNING_DAYS);
    expect(daysOf(10)).toEqual([7, 1, 0]);
  });
});

describe('the records of a domain', () => {
  it('are a CNAME, or an alias where there can be none, and a challenge of its own', () => {
    const token = challengeToken('e1', 'go.example.com', 'u1');
    expect(token).toMatch(/^qr-verification=[0-9a-f]{32}$/);
    expect(token).not.toBe(challengeToken('e2', 'go.example.com', 'u1'));
    expect(wantedRecords({ domain: 'go.example.com', target: 'd.qr-saas.com', token })).toEqual([
      { type: 'CNAME', name: 'go.example.com', value: 'd.qr-saas.com' },
      { type: 'TXT', name: '_qr-challenge.go.example.com', value: token },
    ]);
    expect(wantedRecords({ domain: 'example.com', target: 'd.qr-saas.com', token })[0]?.type).toBe('ALIAS');
  });
});
