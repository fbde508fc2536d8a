/** Before the first entry of a stream. */
export const ORIGIN = '0-0';

const ENTRY_ID = /^(0|[1-9]\d{0,19})-(0|[1-9]\d{0,19})$/;

/** Each part of an id has 64 bits. */
const LARGEST = 2n ** 64n - 1n;

/**
 * Whether a text is the id of a stream entry, as Redis writes it: milliseconds, a dash, and a number within them, both of 64
 * bits and without leading zeros.
 */
export const isEntryId = (text: string): boolean => {
  const [, time, place] = ENTRY_ID.exec(text) ?? [];
  return time !== undefined && place !== undefined && BigInt(time) <= LARGEST && BigInt(place) <= LARGEST;
};

/** Below zero when `a` comes before `b`; both are entry ids. Their parts have up to 64 bits, more than a number holds. */
export const compareIds = (a: string, b: string): number => {
  const [aTime = '', aPlace = ''] = a.split('-');
  const [bTime = '', bPlace = ''] = b.split('-');
  return compareDigits(aTime, bTime) || compareDigits(aPlace, bPlace);
};

/** Redis writes no leading zeros, so that a longer number is a greater one. */
const compareDigits = (a: string, b: string): number => {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : Number(a > b);
};
