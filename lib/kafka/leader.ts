import { StreamError, TransientError } from '../errors.ts';
import type { Settings } from '../settings.ts';
import type { Admin } from './admin.ts';
import { type BrokerAddress, type BrokerConnection, type BrokerRequest, openBroker } from './broker.ts';
import type { PartitionPlace } from './write-requests.ts';

const nameOf = ({ topic, partition }: PartitionPlace): string => `${topic}/${partition}`;

/**
 * The brokers that lead partitions of some topics at present.
 *
 * @returns of a place: undefined where there is no such partition, null where it has no leader
 */
export const leadersOf = async (
  admin: Admin,
  topics: readonly string[],
): Promise<(place: PartitionPlace) => BrokerAddress | null | undefined> => {
  const [{ brokers }, metadata] = await Promise.all([
    admin.describeCluster(),
    admin.fetchTopicMetadata({ topics: [...topics] }),
  ]);
  const addresses = new Map(brokers.map((broker) => [broker.nodeId, broker]));
  const leaders = new Map(
    metadata.topics.flatMap(({ name: topic, partitions }) =>
      partitions.map(({ partitionId: partition, leader }) => [
        nameOf({ topic, partition }),
        addresses.get(leader) ?? null,
      ]),
    ),
  );
  return (place) => leaders.get(nameOf(place));
};

/** The broker that leads a partition, whichever it is by then; the connection is kept from one request to the next. */
export class Leader {
  readonly #settings: Pick<Settings, 'kafkaAuth'>;
  readonly #admin: Admin;
  readonly #place: PartitionPlace;
  #connection: BrokerConnection | undefined;

  constructor(settings: Pick<Settings, 'kafkaAuth'>, admin: Admin, place: PartitionPlace) {
    this.#settings = settings;
    this.#admin = admin;
    this.#place = place;
  }

  /** @throws TransientError BROKER_UNAVAILABLE; the client's errors */
  async ask<Answer>(request: BrokerRequest<Answer>): Promise<Answer> {
    this.#connection ??= await this.#open();
    return this.#connection.ask(request);
  }

  /** Looks for the leader anew with the next request. */
  forget(): void {
    this.#connection?.close();
    this.#connection = undefined;
  }

  async #open(): Promise<BrokerConnection> {
    const { topic, partition } = this.#place;
    const broker = (await leadersOf(this.#admin, [topic]))(this.#place);
    if (broker === undefined) throw new StreamError('NOT_FOUND', `${topic} has no partition ${partition}.`);
    if (broker === null) {
      throw new TransientError('BROKER_UNAVAILABLE', `${topic} [${partition}] has no leader at present.`);
    }
    return openBroker(this.#settings, broker);
  }
}
