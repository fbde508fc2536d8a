import { FileRefused } from '../refused.ts';

/** Elements that a picture may draw, those that `use` repeats counted each time. */
const DRAWN_AT_MOST = 200_000;

interface Part {
  /** Elements of its own. */
  own: number;
  /** Ids that it draws. */
  readonly drawn: string[];
}

/** Watches what `use` repeats: a few hundred bytes of nested ones can ask for billions of elements, or for themselves. */
export interface Uses {
  open(name: string, attributes: ReadonlyMap<string, string>): void;
  close(): void;
  /** @throws FileRefused when too much would be drawn */
  check(): void;
}

export const usesBoundedly = (): Uses => {
  const root: Part = { own: 0, drawn: [] };
  const parts = new Map<string, Part>();
  const open: (Part | undefined)[] = [];
  return {
    open: (name, attributes) => {
      const id = attributes.get('id');
      const part = id === undefined ? undefined : { own: 0, drawn: [] };
      if (id !== undefined && part !== undefined) parts.set(id, part);
      open.push(part);
      const target = name === 'use' ? attributes.get('href')?.slice(1) : undefined;
      for (const each of [root, ...open]) {
        if (each === undefined) continue;
        each.own += 1;
        if (target !== undefined) each.drawn.push(target);
      }
    },
    close: () => {
      open.pop();
    },
    check: () => {
      const sizes = new Map<Part, number>();
      const sizeOf = (part: Part): number => {
        const known = sizes.get(part);
        if (known !== undefined) return known;
        // Found again while it is being counted, a part draws itself.
        sizes.set(part, Number.POSITIVE_INFINITY);
        const size = part.drawn.reduce((sum, id) => {
          const target = parts.get(id);
          return sum + (target === undefined ? 0 : sizeOf(target));
        }, part.own);
        sizes.set(part, size);
        return size;
      };
      if (sizeOf(root) > DRAWN_AT_MOST) throw new FileRefused('The SVG draws parts of itself over and over.');
    },
  };
};
