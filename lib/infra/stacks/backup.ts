import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { BACKUP, BACKUP_PREFIX, deployedNames, type Environment } from '../../catalog/index.ts';
import type { FunctionCode } from '../code.ts';
import { deployedValue, publishValue } from '../constructs/deployed-values.ts';
import { ScheduledWorker } from '../constructs/scheduled-worker.ts';
import { Worker } from '../constructs/worker.ts';
import { EnvironmentStack } from '../environment-stack.ts';
import { removalOf } from '../removal.ts';
import { backupStatements } from '../rights/backup.ts';
import { streamResourcesOf } from '../rights/resources.ts';
import { variablesOf } from '../variables.ts';
import { type NetworkStack, SUBNETS } from './network.ts';
import { PRIVATE } from './storage.ts';

/** Days in which what was written over, or deleted by somebody with the right to, can be had back. */
const OLD_VERSION_DAYS = 30;
/** Until the last incremental one on a full one is whole, the next full one may have taken a day. */
const MARGIN_DAYS = 1;

/**
 * Backups: a function that a rule calls, and the bucket it writes into. A function and no container, because what it does is
 * cut into calls anyway: each backup builds on the one before, and one that runs out of time goes on with the next call. It
 * needs no image, no registry of images and no further endpoints, and is bundled, checked and watched as the others are.
 *
 * S3 deletes what is old, by age alone. Nothing that is needed goes with it: no backup builds on files older than its chain
 * may become (`fullAfterDays`), so all files of one that is `keepDays` old are younger than both together.
 */
export class BackupStack extends EnvironmentStack {
  readonly bucket: Bucket;

  constructor(scope: Construct, environment: Environment, network: NetworkStack, code: FunctionCode) {
    super(scope, 'backup', environment, { description: 'Backups of topics, offsets, schemas and cache' });
    const { everyMinutes, fullAfterDays, keepDays, withCache } = environment.backup;
    const names = deployedNames(environment.name);
    const key = new Key(this, 'Key', {
      description: `Backups of ${environment.name}`,
      enableKeyRotation: true,
      // Without it nothing of them can be read.
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const accessLogs = new Bucket(this, 'AccessLogs', {
      ...PRIVATE,
      encryption: BucketEncryption.S3_MANAGED,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      lifecycleRules: [{ expiration: Duration.days(environment.logDays) }],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.bucket = new Bucket(this, 'Backups', {
      ...PRIVATE,
      versioned: true,
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: true,
      serverAccessLogsBucket: accessLogs,
      lifecycleRules: [
        {
          id: 'run-out',
          prefix: BACKUP_PREFIX,
          expiration: Duration.days(keepDays + fullAfterDays + MARGIN_DAYS),
          noncurrentVersionExpiration: Duration.days(OLD_VERSION_DAYS),
        },
        { id: 'cut-off-uploads', abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const resources = streamResourcesOf(this, environment);
    const cacheArns = withCache
      ? (['cache-arn', 'cache-reader-arn'] as const).map((value) => deployedValue(this, environment.name, value))
      : [];
    const worker = new Worker(this, BACKUP.name, {
      name: names.function(BACKUP.name),
      description: `Makes a backup every ${everyMinutes} min`,
      settings: BACKUP.function,
      code: code(BACKUP.name),
      variables: {
        ...variablesOf({ name: BACKUP.name, bucket: this.bucket.bucketName }, environment, resources),
        REDIS_URL: `rediss://${names.cacheReader}@${resources.cacheEndpoint}`,
        BACKUP_PLACE: `s3://${this.bucket.bucketName}/${BACKUP_PREFIX}`,
        BACKUP_EVERY_MINUTES: String(everyMinutes),
        BACKUP_FULL_AFTER_DAYS: String(fullAfterDays),
        BACKUP_PARTS: withCache ? 'schemas,redis' : 'schemas',
      },
      statements: backupStatements(environment, resources, {
        bucket: this.bucket.bucketName,
        keyArn: key.keyArn,
        cacheArns,
      }),
      place: { vpc: network.vpc, subnetGroupName: SUBNETS.functions, securityGroup: network.functions },
      logDays: environment.logDays,
      removalPolicy: removalOf(environment),
    });
    new ScheduledWorker(this, 'Rule', {
      worker,
      name: names.function(BACKUP.name),
      everyMinutes: BACKUP.callEveryMinutes,
    });
    publishValue(this, environment.name, 'backup-bucket', this.bucket.bucketName);
  }
}
