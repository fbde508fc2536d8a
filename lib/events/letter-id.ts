/** Where the record of a dead letter lay at first. */
export interface LetterPlace {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** How often its topic had been deleted and made again: such a topic has other records at the same offsets. */
  readonly life: number;
}

/**
 * The id of a record's dead letter, as operators and the header `dlq-redrive-of` name it: `orders-3-120`, and `orders-3-120@1`
 * after the topic was made again.
 */
export const letterId = (topic: string, partition: number, offset: number, life = 0): string =>
  `${topic}-${partition}-${offset}${life === 0 ? '' : `@${life}`}`;

/** @returns undefined for an id that names no place */
export const placeOfLetter = (id: string): LetterPlace | undefined => {
  const [, topic, partition, offset, life = '0'] = /^(.+)-(\d{1,10})-(\d{1,15})(?:@(\d{1,9}))?$/.exec(id) ?? [];
  return topic === undefined
    ? undefined
    : { topic, partition: Number(partition), offset: Number(offset), life: Number(life) };
};
