import { CreateBucketCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { CreateEmailIdentityCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { TOPICS, topicSettings } from '../catalog/index.ts';
import { messageOf, StreamError } from '../errors.ts';
import { openRegistry, registerSchemas } from '../events/index.ts';
import { isKafkaError, makeTopics, openKafka, wholeCluster } from '../kafka/index.ts';
import { applyFiles, connectorFiles, listConnectors, openWorker } from '../operations/connectors/index.ts';
import type { Settings } from '../settings.ts';
import { EMULATED } from '../stores/objects.ts';
import { type ConnectPlaces, connectPlaces } from './connect-places.ts';
import type { Ports } from './ports.ts';
import { takeSlots } from './redis-slots.ts';
import type { Service } from './services/index.ts';

/**
 * What each service holds before the first record: topics, schemas, the bucket, the sender of e-mails. Done again it changes nothing.
 *
 * @throws StreamError SERVICE_FAILED, and what the registry says of a breaking schema (SCHEMA_INCOMPATIBLE)
 */
export const provision = async (service: Service['name'], settings: Settings, ports: Ports): Promise<void> =>
  STEPS[service]?.(settings, connectPlaces(ports));

/** Makes the topics of the catalog that are missing; those that are there stay as they are, grown ones included. */
const makeCatalog = async (settings: Settings): Promise<void> => {
  const admin = openKafka(settings, { clientId: 'qr-provision' }).admin();
  try {
    await admin.connect();
    await wholeCluster(admin, settings.brokers.length);
    const known = new Set(await admin.listTopics());
    const missing = TOPICS.filter(({ name }) => !known.has(name));
    if (missing.length === 0) return;
    await makeTopics(
      admin,
      missing.map((topic) => ({
        topic: topic.name,
        numPartitions: topic.partitions,
        replicationFactor: settings.brokers.length,
        configEntries: Object.entries(topicSettings(topic)).map(([name, value]) => ({ name, value })),
      })),
    );
  } catch (error) {
    if (!isKafkaError(error)) throw error;
    throw new StreamError('SERVICE_FAILED', `Kafka could not make the topics: ${messageOf(error)}`, { cause: error });
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
};

/** Answers that mean the bucket is there already. */
const THERE = ['BucketAlreadyOwnedByYou', 'BucketAlreadyExists'];

const makeBucket = async ({ bucket, awsEndpoint }: Settings): Promise<void> => {
  if (awsEndpoint === undefined) return;
  const s3 = new S3Client({ ...EMULATED, endpoint: awsEndpoint });
  try {
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  } catch (error) {
    if (error instanceof S3ServiceException && THERE.includes(error.name)) return;
    throw new StreamError(
      'SERVICE_FAILED',
      `The AWS emulator could not make the bucket ${bucket}: ${messageOf(error)}`,
      {
        cause: error,
      },
    );
  } finally {
    s3.destroy();
  }
};

/** Makes the domain of the sender a verified identity, without which SES, and the emulator, reject every message. */
const makeSender = async ({ emailSender, awsEndpoint }: Settings): Promise<void> => {
  if (awsEndpoint === undefined) return;
  const ses = new SESv2Client({ ...EMULATED, endpoint: awsEndpoint });
  try {
    // The emulator takes it again and again; SES itself would say AlreadyExistsException.
    await ses.send(new CreateEmailIdentityCommand({ EmailIdentity: emailSender.slice(emailSender.indexOf('@') + 1) }));
  } catch (error) {
    throw new StreamError('SERVICE_FAILED', `The AWS emulator could not verify the sender: ${messageOf(error)}`, {
      cause: error,
    });
  } finally {
    ses.destroy();
  }
};

/** Brings the database's tables up to date. */
const makeTables = async ({ databaseUrl }: ConnectPlaces): Promise<void> => {
  const { ensureDatabase, migrate, withDatabase } = await import('../operations/database/index.ts');
  await ensureDatabase(databaseUrl);
  await withDatabase(databaseUrl, (db) => migrate(db));
};

/** Brings the index templates up to date. */
const makeTemplates = async ({ searchUrl }: ConnectPlaces): Promise<void> => {
  const { applyTemplates, openSearch } = await import('../operations/search/index.ts');
  await applyTemplates(openSearch(searchUrl));
};

/** Gives Connect the configurations under connect/, and starts again what has failed while it was on its own. */
const applyConnectors = async ({ connectUrl }: ConnectPlaces): Promise<void> => {
  const worker = openWorker(connectUrl);
  const failed = (await listConnectors(worker)).filter(({ state }) => state === 'FAILED');
  for (const { name } of failed) await worker.restart(name, true);
  await applyFiles(worker, await connectorFiles());
};

const STEPS: Readonly<Partial<Record<Service['name'], (settings: Settings, places: ConnectPlaces) => Promise<void>>>> =
  {
    kafka: makeCatalog,
    redis: takeSlots,
    'schema-registry': async (settings) => {
      await registerSchemas(openRegistry(settings));
    },
    aws: async (settings) => {
      await Promise.all([makeBucket(settings), makeSender(settings)]);
    },
    postgres: (_, places) => makeTables(places),
    search: (_, places) => makeTemplates(places),
    connect: (_, places) => applyConnectors(places),
  };
