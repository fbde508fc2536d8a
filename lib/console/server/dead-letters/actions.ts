/** What the page does with letters. */
export const ACTIONS = ['redrive', 'park', 'discard'] as const;

export type Action = (typeof ACTIONS)[number];
