import type { BrokerRequest } from './broker.ts';
import { array, int8, int16, int32, int64, string } from './wire.ts';

/** Where a partition is to be read. */
export interface FetchPlace {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

export interface FetchLimits {
  /** Bytes of one partition in an answer, about: a batch comes whole, however large. */
  readonly partitionBytes: number;
  /** How long the broker may wait for a record, ms. */
  readonly waitMs: number;
}

const ANSWER_BYTES = 10 * 1024 * 1024;
const CONSUMER = -1;
const READ_COMMITTED = 1;
const UNKNOWN = -1;
/** No session: every request names its partitions. */
const SESSION = Buffer.concat([int32(0), int32(-1)]);

/** Fetch, version 11, of committed records. The answer is left as it is: `decodeFetchResponse` decodes it. */
export const fetchRequest = (
  places: readonly FetchPlace[],
  { partitionBytes, waitMs }: FetchLimits,
): BrokerRequest<Buffer> => {
  const topics = [...new Set(places.map(({ topic }) => topic))];
  return {
    key: 1,
    version: 11,
    body: Buffer.concat([
      int32(CONSUMER),
      int32(waitMs),
      int32(1),
      int32(ANSWER_BYTES),
      int8(READ_COMMITTED),
      SESSION,
      array(
        topics.map((topic) =>
          Buffer.concat([
            string(topic),
            array(places.filter((place) => place.topic === topic).map(placeBytes(partitionBytes))),
          ]),
        ),
      ),
      array([]), // partitions that a session is to forget
      int16(0), // rack: none
    ]),
    read: (reader) => reader.rest(),
  };
};

const placeBytes =
  (partitionBytes: number) =>
  ({ partition, offset }: FetchPlace): Buffer =>
    Buffer.concat([
      int32(partition),
      int32(UNKNOWN),
      int64(BigInt(offset)),
      int64(BigInt(UNKNOWN)),
      int32(partitionBytes),
    ]);
