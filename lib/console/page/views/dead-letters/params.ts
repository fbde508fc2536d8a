/** What is asked of `GET /api/dead-letters`; the address of the page says the same. */
const NAMES = ['topic', 'reason', 'consumer', 'since', 'status', 'show'] as const;

export type Name = (typeof NAMES)[number];

export type Params = Readonly<Partial<Record<Name, string>>>;

export const paramsOf = (query: URLSearchParams): Params =>
  Object.fromEntries(
    NAMES.flatMap((name) => {
      const value = query.get(name);
      return value === null || value === '' ? [] : [[name, value]];
    }),
  );

/** Those that choose letters, without how they are shown. */
export const filterOf = ({ show: _, ...filter }: Params): Params => filter;

/** Whether each letter is shown, not how many there are for which reason. */
export const showsEach = ({ show }: Params): boolean => show === 'each';
