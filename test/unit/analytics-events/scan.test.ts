import { describe, expect, it } from 'vitest';
import { agentOf } from '../../../handlers/analytics-events/agent.ts';
import { scanOf } from '../../../handlers/analytics-events/scan.ts';
import { visitorOf } from '../../../handlers/analytics-events/visitors.ts';
import { type EventInputs, eventOf } from '../../../lib/events/index.ts';

const NOW = Date.parse('2026-01-02T03:04:05.000Z');

const scan = (payload: Partial<EventInputs['qr.scanned']> = {}) =>
  scanOf(
    eventOf(
      'qr.scanned',
      { userId: 'user-1', action: 'scan', ...payload },
      { source: 'test', timestamp: '2026-01-02T03:00:00.000Z' },
    ),
    NOW,
  );

describe('a User-Agent header', () => {
  it.each([
    [
      'Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
      { device: 'tablet', os: 'iOS', browser: 'Safari', isBot: false },
    ],
    [
      'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36',
      { device: 'mobile', os: 'Android', browser: 'Chrome', isBot: false },
    ],
    [
      'Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0',
      { device: 'desktop', os: 'Linux', browser: 'Firefox', isBot: false },
    ],
  ])('%s tells device, system and browser', (header, agent) => {
    expect(agentOf(header)).toEqual(agent);
  });

  it.each([
    'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)',
    'curl/8.5.0',
    'facebookexternalhit/1.1',
  ])('%s is a bot’s', (header) => {
    expect(agentOf(header).isBot).toBe(true);
  });

  it('that is absent tells nothing, and one that makes up a name adds no name', () => {
    expect(agentOf(null)).toEqual({ device: 'unknown', os: 'unknown', browser: 'unknown', isBot: false });
    expect(['other', 'unknown']).toContain(agentOf('MyOwnThing/1.0 (Whatever) Stuff').browser);
  });
});

describe('a scan', () => {
  it('happened when it says, else when its event did', () => {
    expect(scan({ scannedAt: '2026-01-01T00:00:00Z' }).at).toBe(Date.parse('2026-01-01T00:00:00Z'));
    expect(scan().at).toBe(Date.parse('2026-01-02T03:00:00Z'));
  });

  it('may be a little ahead of our clock, not more', () => {
    expect(scan({ scannedAt: '2026-01-02T03:09:00Z' }).at).toBeGreaterThan(NOW);
    expect(() => scan({ scannedAt: '2026-01-02T03:10:00Z' })).toThrow('in the future');
    expect(() => scan({ scannedAt: 'soon' })).toThrow('ISO 8601');
    expect(() => scan({ userId: '' })).toThrow('userId');
  });

  it.each([
    [null, 'direct'],
    ['https://www.Example.com/secret?user=1', 'example.com'],
    ['android-app://com.google.android.gm/', 'com.google.android.gm'],
    ['not a page', 'unknown'],
  ])('with the referrer %s counts for the host %s', (referrer, host) => {
    expect(scan({ referrer }).values.referrer).toBe(host);
  });

  it.each([
    [null, 'unknown'],
    ['de', 'DE'],
    ['Germany', 'unknown'],
  ])('with the country %s counts for %s', (country, counted) => {
    expect(scan({ country }).values.country).toBe(counted);
  });
});

describe('a visitor', () => {
  it('is the same for the same salt, address and browser, and nobody’s address', () => {
    const visitor = visitorOf('salt', '203.0.113.1', 'a');
    expect(visitorOf('salt', '203.0.113.1', 'a')).toBe(visitor);
    const others = [visitorOf('pepper', '203.0.113.1', 'a'), visitorOf('salt', '203.0.113.1', 'b')];
    expect(others).not.toContain(visitor);
    expect(visitor).not.toContain('203');
  });
});
