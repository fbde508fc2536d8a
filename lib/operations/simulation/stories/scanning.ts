import type { Dice } from '../dice.ts';
import type { Draft, Story } from '../draft.ts';
import type { Code, Stage } from '../stage.ts';

const HOUR = 3_600_000;

const PHONES = [
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36',
  'Mozilla/5.0 (Linux; Android 13; SM-S911B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36',
  'Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
] as const;
const BOTS = [
  'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
  'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)',
  'curl/8.7.1',
] as const;
const REFERRERS = ['https://www.instagram.com/', 'https://t.co/xyz', 'https://news.example.com/article'] as const;
type Place = readonly [country: string, city: string];

const PLACES: readonly [Place, ...Place[]] = [
  ['DE', 'Berlin'],
  ['US', 'Austin'],
  ['BR', 'Recife'],
  ['JP', 'Osaka'],
  ['KE', 'Nairobi'],
];

/** A code is scanned: once, or again and again while its campaign runs. */
export function* scanning(stage: Stage): Story {
  const { dice } = stage;
  const code = stage.code();
  const scans = dice.chance(0.02) ? dice.integer(50, 300) : 1;
  for (let scan = 0; scan < scans; scan += 1) yield scanOf(code, stage);
}

const scanOf = ({ qrId, owner: { userId } }: Code, { dice, ago }: Stage): Draft => {
  // Old clients send nothing but who and what.
  if (dice.chance(0.01)) return { type: 'qr.scanned', payload: { userId, action: 'scan' } };
  return {
    type: 'qr.scanned',
    payload: {
      qrId,
      userId,
      action: 'scan',
      ...visitOf(dice),
      // Phones without a network deliver later what they scanned.
      scannedAt: ago(dice.chance(0.02) ? dice.integer(60_000, 6 * HOUR) : 0),
    },
  };
};

/** Who scans, and where: phones for the most part, a few bots. */
export const visitOf = (dice: Dice) => {
  const [country, city] = dice.pick(PLACES);
  return {
    country,
    city,
    ip: `203.0.113.${dice.integer(1, 254)}`,
    userAgent: dice.chance(0.08) ? dice.pick(BOTS) : dice.pick(PHONES),
    referrer: dice.chance(0.3) ? dice.pick(REFERRERS) : null,
  };
};
