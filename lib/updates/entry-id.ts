/** Before the first entry of a stream. */
export const ORIGIN = '0-0';

const ENTRY_ID = /^(\d{1,20})-(\d{1,20})$/;

/** Whether a text is the id of a stream entry, as Redis writes it: milliseconds, a dash, and a number within them. */
export const isEntryId = (text: string): boolean => ENTRY_ID.test(text);

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
