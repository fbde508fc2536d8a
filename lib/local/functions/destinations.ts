import { appendFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import kafkajs, { type Kafka, type Producer } from 'kafkajs';
import { messageOf, PermanentError, TransientError } from '../../errors.ts';
import type { FailureMessage, OnFailureDestination } from './on-failure.ts';

/** Errors of the broker that the same message meets again however often it is sent. */
const HOPELESS: ReadonlySet<string> = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD']);

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
    this.#producer = kafka.producer({
      idempotent: false,
      allowAutoTopicCreation: false,
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
      retry: { retries: 2, initialRetryTime: 100 },
    });
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

const isHopeless = (error: unknown): boolean =>
  (error instanceof kafkajs.KafkaJSProtocolError && HOPELESS.has(error.type)) ||
  (error instanceof kafkajs.KafkaJSError && error.cause instanceof Error && isHopeless(error.cause));

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
