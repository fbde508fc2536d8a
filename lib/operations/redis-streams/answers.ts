/** Names and values that Redis answers one after the other. */
export const namedIn = (flat: unknown): ReadonlyMap<string, unknown> => {
  const items = listIn(flat);
  return new Map(items.flatMap((name, i) => (i % 2 === 0 ? [[String(name), items[i + 1]] as const] : [])));
};

export const listIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export const textIn = (value: unknown): string | null => (typeof value === 'string' ? value : null);

export const numberIn = (value: unknown): number | null => {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
};

/** When an entry was appended, by its id (Redis documentation, "Entry IDs"); null for one that somebody made up. */
export const timeOfId = (id: string | null): string | null => {
  const time = new Date(Number(id?.split('-')[0] ?? Number.NaN));
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
};
