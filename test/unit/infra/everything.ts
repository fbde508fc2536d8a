import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../../../lib/catalog/index.ts';
import type { ConnectSources } from '../../../lib/infra/connect/sources.ts';
import { connectorFiles } from '../../../lib/operations/connectors/index.ts';

/** An environment with all that one only has once somebody has made by hand what it needs. */
export const withEverything = (environment: Environment): Environment => ({
  updates: {
    certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012',
    origins: [environment.product.appUrl],
    servers: { least: 2, most: 8 },
  },
  connect: {
    connectors: {
      outbox: { mcus: 1, workers: { least: 1, most: 1 } },
      rollups: { mcus: 1, workers: { least: 1, most: 4 } },
      ledger: { mcus: 1, workers: { least: 1, most: 1 } },
      search: { mcus: 1, workers: { least: 1, most: 4 } },
    },
    database: {
      host: 'qr.abcdefghijkl.us-east-1.rds.amazonaws.com',
      port: 5432,
      name: 'qr',
      instance: 'qr',
      secretArn: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:qr/connect-database-AbCdEf',
      securityGroupId: 'sg-0123456789abcdef0',
    },
    search: {
      url: 'https://vpc-qr-abcdefghijkl.us-east-1.es.amazonaws.com',
      secretArn: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:qr/connect-search-AbCdEf',
      securityGroupId: 'sg-0fedcba9876543210',
    },
  },
  ...environment,
});

/** The files of the project, and a file that stands for the archive of the plugin, whose content no template shows. */
export const SOURCES: ConnectSources = {
  files: await connectorFiles(),
  plugin: () => {
    const file = join(mkdtempSync(join(tmpdir(), 'qr-connect-')), 'qr-connect.zip');
    writeFileSync(file, 'stands for the plugin');
    return file;
  },
};
