import type { Limits } from './limits.ts';

/** Why somebody is not let in, as HTTP has it. */
export interface Refusal {
  readonly status: 429 | 503;
  readonly message: string;
  /** Seconds after which it may be tried again. */
  readonly retryAfter: number;
}

/** Counts who is in. */
export interface Admission {
  readonly size: number;
  /** @returns what gives the place back, or why there is none */
  enter(userId: string): (() => void) | Refusal;
  /** Nobody is let in any more. */
  shut(): void;
}

/** Seconds; with some chance in them, so that those who are sent away together do not come back together. */
const soon = (): number => 2 + Math.floor(Math.random() * 8);

export const openAdmission = ({ connections, perUser }: Pick<Limits, 'connections' | 'perUser'>): Admission => {
  const counts = new Map<string, number>();
  let size = 0;
  let isShut = false;
  const refusal = (status: Refusal['status'], message: string): Refusal => ({ status, message, retryAfter: soon() });
  return {
    get size() {
      return size;
    },
    enter: (userId) => {
      const own = counts.get(userId) ?? 0;
      if (isShut) return refusal(503, 'The server is going down. Try again.');
      if (own >= perUser) return refusal(429, `There are ${own} connections of this user already. Close one first.`);
      if (size >= connections) return refusal(503, 'There are too many connections. Try again later.');
      counts.set(userId, own + 1);
      size += 1;
      return () => {
        size -= 1;
        const left = (counts.get(userId) ?? 1) - 1;
        if (left === 0) counts.delete(userId);
        else counts.set(userId, left);
      };
    },
    shut: () => {
      isShut = true;
    },
  };
};
