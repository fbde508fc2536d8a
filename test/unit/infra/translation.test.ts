import { describe, expect, it } from 'vitest';
import { environment } from '../../../lib/catalog/index.ts';
import { type TranslationGiven, translated } from '../../../lib/infra/connect/translation.ts';
import { SOURCES, withEverything } from './everything.ts';

const { connect } = withEverything(environment('prod'));
if (connect === undefined) throw new Error('the environment of the tests has connectors');

const given = (name: string): TranslationGiven => ({
  connectorName: `qr-prod-${name}`,
  region: 'eu-central-1',
  place: connect,
});

const fileOf = (name: string) => {
  const file = SOURCES.files.find((one) => one.name === name);
  if (file === undefined) throw new Error(`no connect/${name}.json`);
  return file;
};

const of = (name: string) => translated(fileOf(name), given(name));

/** Fields that do not stand there as they do on a laptop, and their values here. */
const differences = (name: string): Record<string, string | undefined> => {
  const { config } = fileOf(name);
  const { configuration } = of(name);
  const fields = [...new Set([...Object.keys(config), ...Object.keys(configuration)])].sort();
  return Object.fromEntries(
    fields.flatMap((field) => (config[field] === configuration[field] ? [] : [[field, configuration[field]]])),
  );
};

const GLUE = {
  'value.converter.apicurio.registry.url': undefined,
  'value.converter.aws.region': 'eu-central-1',
  'value.converter.delegate.converter.type': 'io.qrsaas.connect.aws.GlueAvroConverter',
};

const PROVIDER = 'io.qrsaas.connect.aws.SecretsManagerConfigProvider';

describe('the configuration of a connector on MSK Connect', () => {
  it('differs from the laptop’s in what is connected, and nowhere else: the outbox', () => {
    expect(differences('outbox')).toEqual({
      'database.hostname': connect.database?.host,
      'database.port': '5432',
      'database.dbname': 'qr',
      'database.user': `\${database:username}`,
      'database.password': `\${database:password}`,
      'database.sslmode': 'require',
    });
  });

  it.each(['rollups', 'ledger'])('differs from the laptop’s in what is connected, and nowhere else: %s', (name) => {
    expect(differences(name)).toEqual({
      ...GLUE,
      'connection.url': `jdbc:postgresql://${connect.database?.host}:5432/qr?sslmode=require`,
      'connection.username': `\${database:username}`,
      'connection.password': `\${database:password}`,
      'consumer.override.auto.offset.reset': undefined,
      'consumer.override.max.poll.records': undefined,
    });
  });

  it('differs from the laptop’s in what is connected, and nowhere else: search', () => {
    expect(differences('search')).toEqual({
      ...GLUE,
      'connection.url': connect.search?.url,
      'connection.username': `\${search:username}`,
      'connection.password': `\${search:password}`,
    });
  });

  it('keeps what looks like a placeholder and is one of Debezium', () => {
    expect(of('outbox').configuration['transforms.outbox.route.topic.replacement']).toBe(`\${routedByValue}`);
  });

  it('leaves settings of Kafka’s clients to the worker, which knows the one secret it needs', () => {
    expect(of('ledger').worker).toEqual({
      'key.converter': 'org.apache.kafka.connect.converters.ByteArrayConverter',
      'value.converter': 'org.apache.kafka.connect.converters.ByteArrayConverter',
      'offset.storage.partitions': '1',
      'status.storage.partitions': '1',
      'consumer.auto.offset.reset': 'earliest',
      'consumer.max.poll.records': '2000',
      'config.providers': 'database',
      'config.providers.database.class': PROVIDER,
      'config.providers.database.param.secret.id': connect.database?.secretArn,
      'config.providers.database.param.aws.region': 'eu-central-1',
    });
    expect(Object.keys(of('search').worker).filter((field) => field.includes('database'))).toEqual([]);
  });

  it('lets the outbox make its heartbeats’ topic, and go on where it was when it is made again', () => {
    expect(of('outbox').worker).toMatchObject({
      'topic.creation.enable': 'true',
      'offset.storage.topic': '__amazon_msk_connect_offsets_qr-prod-outbox_kept',
    });
    expect(of('outbox')).toMatchObject({ kind: 'source', reads: [], heartbeats: '__debezium-heartbeat.qr' });
  });

  it('says what it reads, where its dead letters go, and what it is connected with', () => {
    expect(of('search')).toMatchObject({
      kind: 'sink',
      reads: ['audit-logs', 'analytics-events'],
      letters: 'dead-letter-queue',
      uses: new Set(['search', 'schemas']),
    });
    expect(of('outbox').uses).toEqual(new Set(['database']));
  });

  it('changes when secrets are to be read again, where there are any', () => {
    const place = { ...connect, secretsOf: '2026-11-29' };
    const again = translated(fileOf('outbox'), { ...given('outbox'), place });
    expect(again.configuration['qr.secrets.of']).toBe('2026-11-29');
    expect(again.worker).toEqual(of('outbox').worker);
  });

  it.each([
    [{ 'consumer.override.group.id': 'mine' }, 'sets consumer.override.group.id, which MSK Connect cannot'],
    [{ 'producer.override.max.block.ms': '1' }, 'sets producer.override.max.block.ms, which MSK Connect cannot'],
    [{ url: `\${env:QR_CONNECT_OTHER}` }, 'needs QR_CONNECT_OTHER, and nothing in AWS stands for it'],
  ])('refuses what MSK Connect cannot do, and what nobody has said: %o', (config, reason) => {
    const file = { name: 'mine', config: { 'connector.class': 'a.B', ...config } };
    expect(() => translated(file, given('mine'))).toThrow(expect.objectContaining({ code: 'USAGE' }));
    expect(() => translated(file, given('mine'))).toThrow(reason);
  });

  it.each([
    ['outbox', 'database'],
    ['search', 'search'],
  ])('of %s is refused in an environment without `connect.%s`', (name, part) => {
    expect(() => translated(fileOf(name), { ...given(name), place: {} })).toThrow(
      `The connector ${name} needs \`connect.${part}\` of the environment.`,
    );
  });
});
