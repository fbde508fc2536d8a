/** What a plan allows. Payments keep every user's plan readable (lib/stores/entitlements.ts); handlers ask before they work. */
export interface PlanLimits {
  /** Members of a team. */
  readonly seats: number;
  /** Items of one batch. */
  readonly batchItems: number;
  /** Domains of the user's own. */
  readonly domains: number;
}

export const PLANS = {
  free: { seats: 1, batchItems: 1_000, domains: 0 },
  pro: { seats: 5, batchItems: 25_000, domains: 1 },
  business: { seats: 25, batchItems: 100_000, domains: 10 },
  enterprise: { seats: 1_000, batchItems: 250_000, domains: 1_000 },
} as const satisfies Record<string, PlanLimits>;

export type PlanName = keyof typeof PLANS;

export const isPlan = (name: string): name is PlanName => Object.hasOwn(PLANS, name);
