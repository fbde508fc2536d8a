/** As many as the server keeps of a user: nothing older can come again. */
const KEPT = 1_000;

/** Tells whether an id has been seen before, among the last {@link KEPT}. */
export const openRepeats = (): ((id: string) => boolean) => {
  const seen = new Set<string>();
  return (id) => {
    if (seen.has(id)) return true;
    seen.add(id);
    if (seen.size > KEPT) for (const oldest of seen) return !seen.delete(oldest);
    return false;
  };
};
