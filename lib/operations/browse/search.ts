import type { ReadableRecord } from '../records.ts';

/** Where a text is searched. */
export const PLACES = ['anywhere', 'key', 'value', 'headers'] as const;
export type Place = (typeof PLACES)[number];

export interface Search {
  /** Found whatever its case. */
  readonly text: string;
  readonly place: Place;
}

const valueText = ({ value }: ReadableRecord): string =>
  typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value);

const TEXTS: Readonly<Record<Place, (record: ReadableRecord) => readonly string[]>> = {
  key: ({ key }) => [key ?? ''],
  value: (record) => [valueText(record)],
  headers: ({ headerList }) => headerList.map(({ name, value }) => `${name}: ${value ?? ''}`),
  anywhere: (record) => [...TEXTS.key(record), ...TEXTS.headers(record), ...TEXTS.value(record)],
};

/** Whether a record has the text in the place. */
export const isFound = (record: ReadableRecord, { text, place }: Search): boolean => {
  const wanted = text.toLowerCase();
  return TEXTS[place](record).some((each) => each.toLowerCase().includes(wanted));
};
