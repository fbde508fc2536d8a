import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Trail } from 'aws-cdk-lib/aws-cloudtrail';
import { Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import {
  BACKUP,
  DEPLOYMENT_FUNCTIONS,
  deployedNames,
  type Environment,
  SCHEDULED_FUNCTIONS,
  TOPICS,
} from '../../catalog/index.ts';
import { arnHere, deployedValue } from '../constructs/deployed-values.ts';
import { EnvironmentStack } from '../environment-stack.ts';
import { explained } from '../explained.ts';

/** Days until the trail of an environment is deleted: a year to look back, and a month to notice. */
const KEPT_DAYS = 400;

/**
 * Who did what: a trail of CloudTrail with the calls that change the account, among them those of MSK and the changes of
 * topics by Kafka clients (MSK Developer Guide, "logging-using-cloudtrail"), every read and write of an object, and every
 * invocation of a function. Only where the environment asks for it, because it is paid by the event.
 */
export class TrailStack extends EnvironmentStack {
  constructor(scope: Construct, environment: Environment) {
    super(scope, 'trail', environment, { description: 'CloudTrail of the data' });
    const bucket = new Bucket(this, 'Records', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      encryption: BucketEncryption.S3_MANAGED,
      lifecycleRules: [{ expiration: Duration.days(KEPT_DAYS), noncurrentVersionExpiration: Duration.days(1) }],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    explained(bucket, {
      id: 'AwsSolutions-S1',
      reason: 'It holds a log itself, and the digests of CloudTrail prove that nobody has changed it',
    });
    const trail = new Trail(this, 'Trail', {
      trailName: `qr-${environment.name}`,
      bucket,
      isMultiRegionTrail: false,
      includeGlobalServiceEvents: false,
      enableFileValidation: true,
    });
    const names = deployedNames(environment.name);
    trail.addS3EventSelector(
      (['bucket', 'audit-bucket', 'backup-bucket'] as const).map((value) => ({
        bucket: Bucket.fromBucketName(this, value, deployedValue(this, environment.name, value)),
      })),
    );
    trail.addLambdaEventSelector(
      [...TOPICS, ...SCHEDULED_FUNCTIONS, ...DEPLOYMENT_FUNCTIONS, BACKUP].map(({ name }) =>
        Lambda.fromFunctionArn(this, name, arnHere('lambda', `function:${names.function(name)}`)),
      ),
    );
  }
}
