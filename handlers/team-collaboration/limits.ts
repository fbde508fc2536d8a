const DAY_MS = 24 * 60 * 60 * 1_000;

/** What a team may grow to, whatever the plan, and how long things are kept. */
export const LIMITS = {
  /** Members of a team, with those invited: what one event has to tell everybody is bounded by it. */
  members: 1_000,
  /** Entries of the feed; the oldest goes when another comes. */
  feedEntries: 1_000,
  /** Characters of a team's name, and of what says what a comment or share is about. */
  nameLength: 100,
  resourceLength: 200,
  /** Characters of a comment; the rest is cut off. */
  commentLength: 2_000,
  /** Characters of a comment that a notification shows. */
  excerptLength: 200,
  /** Members that one comment can call on by name, each with an e-mail; further ones are told as everybody is. */
  mentions: 50,
  /** How long an invitation is good for. */
  invitationMs: 7 * DAY_MS,
  /** How long it is known of an invitation that it was used or has expired: as long as the topic keeps events, and a day. */
  invitationMemoryMs: 31 * DAY_MS,
  /** How long it is known that a user was erased or a team dissolved. */
  memorySeconds: (31 * DAY_MS) / 1_000,
} as const;

/** A text of at most `length` characters, without cutting one in two. */
export const shortened = (text: string, length: number): string => {
  const characters = [...text];
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`;
};
