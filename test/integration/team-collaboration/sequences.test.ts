import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seatsBy } from '../../../handlers/team-collaboration/seats.ts';
import { ownersOf, type Team } from '../../../handlers/team-collaboration/team.ts';
import { readTeam } from '../../../handlers/team-collaboration/team-state.ts';
import { PermanentError } from '../../../lib/errors.ts';
import type { EventOf } from '../../../lib/events/index.ts';
import { decided, eventsOf, steps } from '../../support/team-life.ts';
import { DONE, openWorld } from './world.ts';

const { connections, deliver } = openWorld();

const { redis } = connections;

describe('any sequence of events', () => {
  it('leaves in Redis what the rules say, delivered in one batch, and again', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (wanted) => {
        const teamId = randomUUID();
        const events = eventsOf(teamId, wanted);
        const seats = seatsBy(new Map());
        const accepted: EventOf[] = [];
        const expected = events.reduce<Team | undefined>((team, event) => {
          try {
            const after = decided(event, team, seats)?.team ?? team;
            accepted.push(event);
            return after;
          } catch (error) {
            if (error instanceof PermanentError) return team;
            throw error;
          }
        }, undefined);
        if (expected === undefined) throw new Error('the team was not made');
        expect(await deliver(...events)).toEqual(DONE);
        const { team, entries } = await readTeam(redis, teamId);
        expect(team?.members).toEqual(expected.members);
        expect(team?.invitations).toEqual(expected.invitations);
        expect(ownersOf(expected).length).toBeGreaterThan(0);
        // Those refused are in the dead-letter queue: put back from there they may be right by now.
        expect(await deliver(...accepted)).toEqual(DONE);
        expect(await readTeam(redis, teamId)).toMatchObject({ team, entries });
      }),
      { numRuns: 4, endOnFailure: true },
    );
  });
});
