import { appendFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { messageOf, PermanentError, TransientError } from '../../errors.ts';
import { isHopeless, type Kafka, openProducer, type Producer } from '../../kafka/index.ts';
import type { FailureMessage, OnFailureDestination } from './on-failure.ts';

/**
 * A topic of the same cluster. One message a send: with several partitions in one send kafkajs 2.2 loses acknowledged
 * messages when a broker dies. Keyed messages go where Kafka's default partitioner puts them, the others round robin.
 */
export class KafkaDestination implements OnFailureDestination {
  readonly name: string;
  readonly #topic: string;
  readonly #producer: Producer;
  #connected: Promise<void> | undefined;

  constructor(kafka: Kafka, topic: string) {
    this.name = `kafka://${topic}`;
    this.#topic = topic;
    this.#producer = openProducer(kafka, 2);
  }

  async deliver({ key, value }: FailureMessage): Promise<void> {
    try {
      this.#connected ??= this.#producer.connect();
      await this.#connected;
      await this.#producer.send({ topic: this.#topic, acks: -1, messages: [{ key, value }] });
    } catch (error) {
      if (isHopeless(error)) {
        throw new PermanentError('REFUSED', `${this.name} can never take this record: ${messageOf(error)}`, {
          next: 'Raise max.message.bytes of the topic, or keep records smaller.',
          cause: error,
        });
      }
      this.#connected = undefined;
      throw new TransientError('BROKER_UNAVAILABLE', `${this.name} could not be written: ${messageOf(error)}`, {
        next: 'It is tried again until the broker answers; check the broker with `npm run streams:health`.',
        cause: error,
      });
    }
  }

  async close(): Promise<void> {
    await this.#producer.disconnect();
  }
}

/**
 * A file with one JSON line a record, on the disk before the call returns. The destination of the dead-letter queue's own
 * mapping, whose source topic must not be its destination (in AWS: a bucket), and the last resort of the others.
 */
export class FileDestination implements OnFailureDestination {
  readonly name: string;
  readonly #path: string;

  constructor(path: string) {
    this.name = `file://${path}`;
    this.#path = path;
  }

  async deliver({ key, value }: FailureMessage): Promise<void> {
    try {
      await mkdir(dirname(this.#path), { recursive: true });
      await appendFile(this.#path, `{"key":${key ? `"${key.toString('base64')}"` : 'null'},"value":${value}}\n`, {
        flush: true,
      });
    } catch (error) {
      throw new TransientError('SERVICE_FAILED', `${this.name} could not be written: ${messageOf(error)}`, {
        next: 'Free some disk space or correct the rights of the folder.',
        cause: error,
      });
    }
  }
}
