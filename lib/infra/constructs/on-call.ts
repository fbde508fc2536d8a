import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { Environment } from '../../catalog/index.ts';
import { removalOf } from '../removal.ts';

const CLOUDWATCH = new ServicePrincipal('cloudwatch.amazonaws.com');

/**
 * Where alarms go: a topic of SNS that mails the on-call, encrypted. The key must be our own: CloudWatch may not use the
 * one SNS has by itself (SNS Developer Guide, "Enable compatibility between event sources from AWS services and encrypted
 * topics").
 */
export class OnCall extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, environment: Environment) {
    super(scope, id);
    const key = new Key(this, 'Key', {
      description: `Alarms of ${environment.name} on their way to the on-call`,
      enableKeyRotation: true,
      removalPolicy: removalOf(environment),
    });
    const ofThisAccount = { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } };
    key.addToResourcePolicy(
      new PolicyStatement({
        principals: [CLOUDWATCH],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        // In the policy of a key this is the key.
        resources: ['*'],
        conditions: ofThisAccount,
      }),
    );
    this.topic = new Topic(this, 'Topic', {
      displayName: `QR ${environment.name} alarms`,
      masterKey: key,
      enforceSSL: true,
    });
    // A topic with a policy of its own no longer has the default one, which let every service of the account publish.
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [CLOUDWATCH],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: ofThisAccount,
      }),
    );
    this.topic.addSubscription(new EmailSubscription(environment.onCallEmail));
  }
}
