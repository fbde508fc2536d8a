import type { BrokerAddress, BrokerRequest } from './broker.ts';
import { compactArray, compactString, flexibleReader, NO_TAGS } from './flexible.ts';
import { int8, int16, int32, int64, string } from './wire.ts';
import { answerOf, listOf, type PartitionPlace } from './write-requests.ts';

/** Whom a broker takes batches from, each once. */
export interface ProducerIdentity {
  readonly producerId: bigint;
  readonly producerEpoch: number;
}

/** `code` is one of the protocol's errors; 0 is none. */
export interface Answered {
  readonly code: number;
}

const TRANSACTION = 1;

/** FindCoordinator, version 1: the broker that keeps a transaction's state. */
export const coordinatorRequest = (
  transactionalId: string,
): BrokerRequest<Answered & { readonly address: BrokerAddress }> => ({
  key: 10,
  version: 1,
  body: Buffer.concat([string(transactionalId), int8(TRANSACTION)]),
  read: (reader) => {
    reader.int32(); // throttled for, ms
    const code = reader.int16();
    reader.string(); // what the broker says of the error
    reader.int32(); // its number
    return { code, address: { host: reader.string() ?? '', port: reader.int32() } };
  },
});

/**
 * InitProducerId, version 1. With a transactional id it ends whatever transaction an earlier process has left open under it,
 * and answers once that is done.
 *
 * @param timeoutMs after which the coordinator aborts a transaction by itself
 */
export const identityRequest = (
  transactionalId: string | null,
  timeoutMs: number,
): BrokerRequest<Answered & ProducerIdentity> => ({
  key: 22,
  version: 1,
  body: Buffer.concat([string(transactionalId), int32(timeoutMs)]),
  read: (reader) => {
    reader.int32(); // throttled for, ms
    return { code: reader.int16(), producerId: BigInt(reader.int64()), producerEpoch: reader.int16() };
  },
});

const identityBytes = ({ producerId, producerEpoch }: ProducerIdentity): Buffer =>
  Buffer.concat([int64(producerId), int16(producerEpoch)]);

/** AddPartitionsToTxn, version 1, of one partition: the transaction's marker will be written there. */
export const addPartitionRequest = (
  transactionalId: string,
  identity: ProducerIdentity,
  place: PartitionPlace,
): BrokerRequest<Answered> => ({
  key: 24,
  version: 1,
  body: Buffer.concat([string(transactionalId), identityBytes(identity), listOf(place)]),
  read: (reader) => {
    reader.int32(); // throttled for, ms
    return { code: answerOf(reader, reader.int16) };
  },
});

/** EndTxn, version 1, which aborts. The marker comes a moment after the answer. */
export const abortRequest = (transactionalId: string, identity: ProducerIdentity): BrokerRequest<Answered> => ({
  key: 26,
  version: 1,
  body: Buffer.concat([string(transactionalId), identityBytes(identity), int8(0)]),
  read: (reader) => {
    reader.int32(); // throttled for, ms
    return { code: reader.int16() };
  },
});

/**
 * WriteTxnMarkers, version 1: so many markers of aborted transactions, each at an offset of its own. No reader of any isolation
 * level sees one. Administrators may write them (KIP-664 ends hanging transactions so; KIP-1037 says who).
 */
export const markersRequest = (
  { producerId, producerEpoch }: ProducerIdentity,
  { topic, partition }: PartitionPlace,
  count: number,
): BrokerRequest<Answered> => {
  const marker = Buffer.concat([
    identityBytes({ producerId, producerEpoch }),
    int8(0), // aborted
    compactArray([Buffer.concat([compactString(topic), compactArray([int32(partition)]), NO_TAGS])]),
    int32(0), // epoch of a coordinator
    NO_TAGS,
  ]);
  return {
    key: 27,
    version: 1,
    body: Buffer.concat([NO_TAGS, compactArray(Array.from({ length: count }, () => marker)), NO_TAGS]),
    read: (reader) => {
      const flexible = flexibleReader(reader);
      flexible.tags();
      const codes = flexible.list(() => {
        reader.int64(); // the producer
        const found = flexible.list(() => {
          flexible.text(); // the topic
          const partitions = flexible.list(() => {
            reader.int32(); // the partition
            const code = reader.int16();
            flexible.tags();
            return code;
          });
          flexible.tags();
          return partitions;
        });
        flexible.tags();
        return found.flat();
      });
      return { code: codes.flat().find((code) => code !== 0) ?? 0 };
    },
  };
};
