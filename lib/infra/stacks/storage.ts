import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  ObjectLockMode,
  ObjectLockRetention,
  ObjectOwnership,
  StorageClass,
} from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { type Environment, RETENTION } from '../../catalog/index.ts';
import { publishValue } from '../constructs/deployed-values.ts';
import { EnvironmentStack } from '../environment-stack.ts';
import { removalOf } from '../removal.ts';

/** Buckets: of the work, of the audit records, which nobody can change, and of the logs about both. */
export class StorageStack extends EnvironmentStack {
  readonly work: Bucket;
  readonly audit: Bucket;
  readonly key: Key;

  constructor(scope: Construct, environment: Environment) {
    super(scope, 'storage', environment, { description: 'Buckets for work and for audit records' });
    this.key = new Key(this, 'Key', {
      description: `Objects of ${environment.name}`,
      enableKeyRotation: true,
      removalPolicy: removalOf(environment),
    });
    const accessLogs = new Bucket(this, 'AccessLogs', {
      ...PRIVATE,
      encryption: BucketEncryption.S3_MANAGED,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      lifecycleRules: [{ expiration: Duration.days(environment.logDays) }],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const common = {
      ...PRIVATE,
      versioned: true,
      encryption: BucketEncryption.KMS,
      encryptionKey: this.key,
      // One key for a bucket and a day instead of a call of KMS for each object.
      bucketKeyEnabled: true,
      serverAccessLogsBucket: accessLogs,
      removalPolicy: RemovalPolicy.RETAIN,
    } satisfies BucketProps;
    this.work = new Bucket(this, 'Work', {
      ...common,
      serverAccessLogsPrefix: 'work/',
      lifecycleRules: [
        // An upload that was cut off leaves parts that nobody sees and somebody pays for.
        { id: 'cut-off-uploads', abortIncompleteMultipartUploadAfter: Duration.days(1) },
        { id: 'old-versions', noncurrentVersionExpiration: Duration.days(30) },
        {
          id: 'finished-batches',
          prefix: 'batches/',
          transitions: [{ storageClass: StorageClass.INFREQUENT_ACCESS, transitionAfter: Duration.days(30) }],
        },
        {
          // What Lambda puts there when the consumer of dead letters has given up a batch.
          id: 'given-up-batches',
          prefix: ON_FAILURE_PREFIX,
          expiration: Duration.days(RETENTION['dead-letter-failures'].days),
        },
      ],
    });
    const { lockDays, lockMode } = environment.audit;
    const lock = { GOVERNANCE: ObjectLockMode.GOVERNANCE, COMPLIANCE: ObjectLockMode.COMPLIANCE }[lockMode];
    this.audit = new Bucket(this, 'Audit', {
      ...common,
      serverAccessLogsPrefix: 'audit/',
      objectLockEnabled: true,
      objectLockDefaultRetention:
        lock === ObjectLockMode.COMPLIANCE
          ? ObjectLockRetention.compliance(Duration.days(lockDays))
          : ObjectLockRetention.governance(Duration.days(lockDays)),
      lifecycleRules: [
        {
          id: 'archive',
          transitions: [{ storageClass: StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter: Duration.days(90) }],
        },
        { id: 'cut-off-uploads', abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
    });
    publishValue(this, environment.name, 'bucket', this.work.bucketName);
    publishValue(this, environment.name, 'audit-bucket', this.audit.bucketName);
    publishValue(this, environment.name, 'storage-key-arn', this.key.keyArn);
  }
}

/** Where an event source mapping puts batches it has given up (Lambda Developer Guide, kafka-on-failure-destination). */
export const ON_FAILURE_PREFIX = 'aws/lambda/';

/** What every bucket is. */
export const PRIVATE = {
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  enforceSSL: true,
  minimumTLSVersion: 1.2,
} satisfies BucketProps;
