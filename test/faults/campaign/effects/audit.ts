import { eventOf } from '../../../../lib/events/index.ts';
import { spoilings } from '../../../../lib/operations/simulation/spoiling.ts';
import { type Act, duplicated } from '../act.ts';
import type { Effect } from './effect.ts';

const RECORDS = 70;
const ACTORS = 5;
const POISON = 0.03;

const actorOf = (run: string, actor: number): string => `${run}-actor-${actor}`;

/** Audit records: each is in the chain of segments once, those of an actor in order. */
export const audit: Effect = {
  name: 'audit',
  plan: (stage) =>
    Array.from({ length: RECORDS }, (_, i): Act => {
      const { dice, run, now } = stage;
      const actor = actorOf(run, dice.integer(0, ACTORS - 1));
      const resource = `code/${run}-${i}`;
      const record = { actor, action: 'code.changed', resource, at: new Date(now).toISOString() };
      const act = { line: `audit/${actor}`, event: eventOf('audit.recorded', record, { source: 'faults' }) };
      if (dice.chance(POISON)) return { ...act, signs: [], refusal: 'any', spoiling: dice.pick(spoilings) };
      return { ...act, signs: [{ log: `audit of ${actor}`, id: resource }], ...duplicated(stage) };
    }),
  observe: async (run, { auditLog }) => {
    const faults = await auditLog.read();
    const own = [...auditLog.resources].filter(([owner]) => owner.startsWith(`${run}-`));
    return { logs: new Map(own.map(([owner, ids]) => [`audit of ${owner}`, ids])), sums: new Map(), faults };
  },
};
