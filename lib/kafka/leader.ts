import { StreamError, TransientError } from '../errors.ts';
import type { Settings } from '../settings.ts';
import type { Admin } from './admin.ts';
import { type BrokerConnection, type BrokerRequest, openBroker } from './broker.ts';
import type { PartitionPlace } from './write-requests.ts';

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
    const [{ brokers }, { topics }] = await Promise.all([
      this.#admin.describeCluster(),
      this.#admin.fetchTopicMetadata({ topics: [topic] }),
    ]);
    const found = topics[0]?.partitions.find(({ partitionId }) => partitionId === partition);
    if (found === undefined) throw new StreamError('NOT_FOUND', `${topic} has no partition ${partition}.`);
    const broker = brokers.find(({ nodeId }) => nodeId === found.leader);
    if (broker === undefined) {
      throw new TransientError('BROKER_UNAVAILABLE', `${topic} [${partition}] has no leader at present.`);
    }
    return openBroker(this.#settings, broker);
  }
}
