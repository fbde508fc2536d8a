import type { Step } from '../../simulation/plan.ts';
import { CODES, PEOPLE } from '../../simulation/stage.ts';
import { type Population, type ScanStyle, SIMULATED_STYLE } from '../cache/index.ts';

/** What was played, as far as the size of the cache depends on it. */
export interface Played {
  readonly published: number;
  readonly scans: number;
  readonly population: Population;
  readonly style: ScanStyle;
}

/** Fields of payloads that name what there is one key or more for. */
const NAMED = ['teamId', 'customerId', 'storeId', 'contentId', 'domain'] as const;

/** Counts what is played: scans that count, and how many of each thing there are. */
export const played = () => {
  const names = new Map<string, Set<string>>();
  const note = (kind: string, name: string): void => {
    names.set(kind, (names.get(kind) ?? new Set()).add(name));
  };
  const many = (kind: string): number => names.get(kind)?.size ?? 0;
  let published = 0;
  let scans = 0;
  return {
    add: ({ event, spoiling, again }: Step): void => {
      published += 1;
      if (spoiling !== undefined || again) return;
      if (event.eventType === 'qr.scanned') {
        scans += 1;
        return;
      }
      const payload: Readonly<Record<string, unknown>> = { ...event.payload };
      for (const field of NAMED) {
        const name = payload[field];
        if (typeof name === 'string') note(field, name);
      }
      if (event.eventType === 'product.updated') note('product', `${payload.storeId} ${payload.sku}`);
      if (event.eventType === 'user.registered') note('member', String(payload.userId));
      if (event.eventType === 'team.member.joined') note('joined', `${payload.teamId} ${payload.userId}`);
    },
    found: (): Played => ({
      published,
      scans,
      style: SIMULATED_STYLE,
      population: {
        codes: CODES,
        users: PEOPLE,
        members: many('member'),
        teams: many('teamId'),
        teamMembers: 1 + many('joined') / Math.max(1, many('teamId')),
        customers: many('customerId'),
        stores: many('storeId'),
        products: many('product'),
        contents: many('contentId'),
        domains: many('domain'),
      },
    }),
  };
};
