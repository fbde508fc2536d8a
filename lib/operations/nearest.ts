/** Edits (insert, delete, replace, swap of neighbours) that turn `a` into `b`: optimal string alignment distance. */
export const distance = (a: string, b: string): number => {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(
        Math.min(
          (last[j] ?? 0) + 1,
          (row[j - 1] ?? 0) + 1,
          (last[j - 1] ?? 0) + (same ? 0 : 1),
          swapped ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
};

/**
 * The name a person probably meant, or undefined when none is close: at most two edits, or three in ten letters for longer
 * names; a beginning of at least three letters that fits only one name counts too.
 */
export const nearest = (name: string, names: readonly string[]): string | undefined => {
  const wanted = name.toLowerCase();
  const scored = names
    .map((candidate) => ({ candidate, edits: distance(wanted, candidate.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits);
  const best = scored[0];
  if (
    best !== undefined &&
    best.edits <= Math.max(2, Math.floor(best.candidate.length * 0.3)) &&
    best.edits < wanted.length
  )
    return best.candidate;
  const begun = wanted.length >= 3 ? names.filter((candidate) => candidate.toLowerCase().startsWith(wanted)) : [];
  return begun.length === 1 ? begun[0] : undefined;
};

/** `Did you mean "x"?`, or undefined when nothing is close. */
export const suggestion = (name: string, names: readonly string[]): string | undefined => {
  const found = nearest(name, names);
  return found === undefined ? undefined : `Did you mean ${found}?`;
};
