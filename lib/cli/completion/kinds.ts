/** What a shell looks up by itself, or adds to what the script knows. */
export type Kind = 'topics' | 'groups' | 'events' | 'logs' | 'files' | 'folders';

/** What a value is, by its name in the usage line: `<TOPIC>`, `[FILE]`, `--data-dir <DIR>`. */
const KINDS: Readonly<Record<string, { readonly kind: Kind; readonly isList: boolean }>> = {
  TOPIC: { kind: 'topics', isList: false },
  TOPICS: { kind: 'topics', isList: true },
  GROUP: { kind: 'groups', isList: false },
  GROUPS: { kind: 'groups', isList: true },
  SUBJECT: { kind: 'events', isList: false },
  LOG: { kind: 'logs', isList: false },
  FILE: { kind: 'files', isList: false },
  DIR: { kind: 'folders', isList: false },
  WHERE: { kind: 'folders', isList: false },
};

/** @param placeholder e.g. `TOPIC`, or an option's flags, `--data-dir <DIR>`; any other word is any text */
export const kindOf = (placeholder: string): { readonly kind?: Kind; readonly isList: boolean } => {
  const [name = ''] = /[A-Z][A-Z]+/.exec(placeholder) ?? [];
  return KINDS[name] ?? { isList: false };
};
