import type { TopicName } from '../../../catalog/index.ts';
import { type Activity, recordsWithin } from './activity.ts';
import { keyBytes } from './encodings.ts';
import { alike, type KeyGroup, type KeyKind } from './kind.ts';

/** What a kind of keys has one of for each of: how many keys, and how many elements they have together. */
export interface Spread {
  readonly keys: number;
  readonly elements: number;
}

/** A kind whose keys are all about as large: what it is called, how many there are, what one holds. */
export interface Row {
  readonly group: KeyGroup;
  /** As the keys are written; what stands in braces is an id, what is written in capitals anything. */
  readonly name: string;
  readonly one: string;
  /** Seconds after the last write. */
  readonly kept?: number;
  /** Ids in the name of a key, unless one for each pair of braces. */
  readonly ids?: number;
  readonly of: (activity: Activity) => Spread;
  /** Bytes of the value, by the elements of one key. */
  readonly value: (elements: number, activity: Activity) => number;
}

const escaped = (text: string): string => text.replaceAll(/[{}.|]/g, '\\$&');

/** The pattern of a name such as `team:{team}:feed` or `payment-event:{customer}:EVENT`. */
const patternOf = (name: string): RegExp =>
  new RegExp(
    `^${escaped(name)
      .replaceAll(/\\\{[^}]*\\\}/g, '\\{[^}]*\\}')
      .replaceAll(/[A-Z]{2,}/g, '.+')}$`,
  );

/** Characters of a name without its ids. */
const fixed = (name: string): number =>
  name.replaceAll(/\{(?!dlq|due)[^}]*\}/g, '{}').replaceAll(/[A-Z]{2,}/g, '').length;
const idsIn = (name: string): number => [...name.matchAll(/\{(?!dlq|due)[^}]*\}|[A-Z]{2,}/g)].length;

/** A kind of keys from its row. */
export const kindOf = ({ group, name, one, kept, ids = idsIn(name), of, value }: Row): KeyKind => ({
  name,
  group,
  pattern: patternOf(name),
  one,
  kept: kept ?? 'until deleted',
  size: (activity) => {
    const { keys, elements } = of(activity);
    const length = fixed(name) + ids * activity.idLength;
    return alike(keys, keyBytes(length, kept !== undefined) + value(keys === 0 ? 0 : elements / keys, activity));
  },
});

/** So many keys, of one element each. */
export const single = (keys: number): Spread => ({ keys, elements: keys });

/** A key for every so-manieth record of a topic, as long as it is kept. */
export const perRecord =
  (topic: TopicName, share: number, kept?: number) =>
  (activity: Activity): Spread =>
    single(share * recordsWithin(activity, topic, kept));

/** Elements by records, in at most so many keys; there are no more keys than elements. @param most elements of a key */
export const spread = (elements: number, keys: number, most = Number.POSITIVE_INFINITY): Spread => {
  // Elements fall on keys by chance: some keys get none.
  const filled = keys === 0 ? 0 : keys * -Math.expm1(-elements / keys);
  return { keys: filled, elements: Math.min(elements, filled * most) };
};
