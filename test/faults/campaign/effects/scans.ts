import { readTopCodes, readTotals } from '../../../../handlers/analytics-events/analytics-state.ts';
import { eventOf } from '../../../../lib/events/index.ts';
import { spoilings } from '../../../../lib/operations/simulation/spoiling.ts';
import { type Act, duplicated } from '../act.ts';
import type { Effect } from './effect.ts';

const SCANS = 360;
const CODES = 12;
const USERS = 4;
const POISON = 0.02;
const COUNTRIES = ['DE', 'FR', 'US', 'JP'] as const;

const codeOf = (run: string, code: number): string => `${run}-code-${code}`;
const userOf = (run: string, code: number): string => `${run}-user-${code % USERS}`;
const codes = Array.from({ length: CODES }, (_, code) => code);

/** Scans, unordered: each counts once for its code, once for the user, and once among the codes of the user. */
export const scans: Effect = {
  name: 'scans',
  plan: (stage) =>
    Array.from({ length: SCANS }, (): Act => {
      const { dice, run } = stage;
      const code = dice.skewed(CODES);
      const [qrId, userId] = [codeOf(run, code), userOf(run, code)];
      const event = eventOf(
        'qr.scanned',
        { qrId, userId, action: 'scan', country: dice.pick(COUNTRIES), ip: `203.0.113.${dice.integer(1, 200)}` },
        { source: 'faults' },
      );
      const line = `scans/${code}`;
      if (dice.chance(POISON)) return { line, event, signs: [], refusal: 'any', spoiling: dice.pick(spoilings) };
      const signs = [{ sum: `code ${qrId}` }, { sum: `user ${userId}` }, { sum: `code ${qrId} of its user` }];
      return { line, event, signs, ...duplicated(stage) };
    }),
  observe: async (run, { redis }) => {
    const sums = new Map<string, number>();
    for (const code of codes) {
      const { scans: counted } = await readTotals(redis, { kind: 'code', id: codeOf(run, code) });
      sums.set(`code ${codeOf(run, code)}`, counted);
    }
    for (const userId of new Set(codes.map((code) => userOf(run, code)))) {
      sums.set(`user ${userId}`, (await readTotals(redis, { kind: 'user', id: userId })).scans);
      for (const { qrId, scans: counted } of await readTopCodes(redis, userId, CODES)) {
        sums.set(`code ${qrId} of its user`, counted);
      }
    }
    return { logs: new Map(), sums, faults: [] };
  },
};
