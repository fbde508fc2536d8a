import { LIMITS } from './limits.ts';

/** Names that Windows keeps for devices, with any ending: learn.microsoft.com, "Naming Files, Paths, and Namespaces". */
const RESERVED = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])$/i;
/** Bytes that a reserved name gets in front. */
const RESERVED_MARK = 1;
/** Characters Windows or a shell refuses, controls, and those that are not visible or turn the reading direction. */
const UNSAFE = /[<>:"/\\|?*\p{C}\p{Zl}\p{Zp}]/gu;

/**
 * A file name, without its ending, that Windows, macOS and Linux take as it is: no separators, controls, reserved names,
 * leading or trailing dots and spaces; composed Unicode (NFC); never empty.
 *
 * @param limit bytes in UTF-8; file systems allow 255 with the ending
 */
export const safeStem = (text: string, limit: number = LIMITS.stemBytes): string => {
  const clean = cut(text.normalize('NFC').replace(UNSAFE, '_'), limit).replace(/^[\s.]+|[\s.]+$/gu, '');
  const stem = clean === '' ? '_' : clean;
  return RESERVED.test(stem.split('.')[0]?.trimEnd() ?? '') ? `_${stem}` : stem;
};

/** As many whole characters as fit into `limit` bytes. */
const cut = (text: string, limit: number): string => {
  if (Buffer.byteLength(text) <= limit) return text;
  let bytes = 0;
  let kept = '';
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > limit) break;
    kept += character;
  }
  return kept;
};

/** Two names with the same fold are one file on some file system. */
export const foldOf = (stem: string): string => stem.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC');

interface Named {
  readonly id: string;
  readonly label?: string;
}

/**
 * Hands out file names, each once. The name an item asks for stays when it is safe and free; otherwise the item's number
 * is added, because two different names may have become the same safe one.
 *
 * @param pattern with `{id}`, `{index}` (from 1) and `{label}` (the id where there is none)
 * @returns a function that names the items of one batch in their order
 */
export const fileStems = (pattern: string): ((item: Named, index: number) => string) => {
  const taken = new Set<string>();
  const claim = (stem: string): boolean => {
    const fold = foldOf(stem);
    if (taken.has(fold)) return false;
    taken.add(fold);
    return true;
  };
  return (item, index) => {
    const values: Readonly<Record<string, string>> = {
      id: item.id,
      index: String(index),
      label: item.label ?? item.id,
    };
    const wanted = pattern.replace(/\{(id|index|label)\}/g, (_, field: string) => values[field] ?? '');
    const stem = safeStem(wanted);
    if (stem === wanted.normalize('NFC') && claim(stem)) return stem;
    for (let attempt = 0; ; attempt++) {
      const suffix = attempt === 0 ? `-${index}` : `-${index}-${attempt}`;
      const numbered = safeStem(safeStem(wanted, LIMITS.stemBytes - suffix.length - RESERVED_MARK) + suffix);
      if (claim(numbered)) return numbered;
    }
  };
};
