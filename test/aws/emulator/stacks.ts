import type { Construct } from 'constructs';
import { deployedNames, type Environment, TOPIC_NAMES, topic } from '../../../lib/catalog/index.ts';
import { functionEnvironment } from '../../../lib/functions/index.ts';
import type { FunctionCode } from '../../../lib/infra/code.ts';
import { arnHere, publishValue } from '../../../lib/infra/constructs/deployed-values.ts';
import { Worker } from '../../../lib/infra/constructs/worker.ts';
import { EnvironmentStack } from '../../../lib/infra/environment-stack.ts';
import { removalOf } from '../../../lib/infra/removal.ts';
import type { Resources } from '../../../lib/infra/rights/resources.ts';
import { statementsOf } from '../../../lib/infra/rights/statements.ts';
import { consumerRights } from '../../../lib/infra/rights/table.ts';
import { type NetworkStack, SUBNETS } from '../../../lib/infra/stacks/network.ts';
import type { Settings } from '../../../lib/settings.ts';

/** The function that the test calls. */
export const CALLED = topic('analytics-events');

/** What only the stacks with brokers and cache could tell; the emulator does not look at rights. */
const elsewhere = ({ name }: Environment): Resources => ({
  clusterArn: arnHere('kafka', `cluster/qr-${name}/id`),
  topicArn: (topic) => arnHere('kafka', `topic/qr-${name}/id/${topic}`),
  groupArn: (group) => arnHere('kafka', `group/qr-${name}/id/${group}`),
  brokers: '',
  cacheEndpoint: '',
  cacheArns: [arnHere('elasticache', `serverlesscache:qr-${name}`)],
  registry: deployedNames(name).registry,
  bucket: 'bucket',
  auditBucket: 'audit-bucket',
  storageKeyArn: arnHere('kms', 'key/id'),
});

/**
 * What the emulator takes of the consumers: a function of the catalog, with the variables of the local stack instead of
 * those of brokers and cache that it cannot make, and the ids of mappings that observability looks up.
 */
export class EmulatedConsumersStack extends EnvironmentStack {
  constructor(
    scope: Construct,
    environment: Environment,
    network: NetworkStack,
    code: FunctionCode,
    settings: Settings,
  ) {
    super(scope, 'consumers', environment);
    const { name } = CALLED;
    new Worker(this, name, {
      name: deployedNames(environment.name).function(name),
      description: CALLED.purpose,
      settings: CALLED.function,
      code: code(name),
      variables: functionEnvironment({ name, settings }),
      statements: statementsOf(
        consumerRights(name),
        {
          functionName: deployedNames(environment.name).function(name),
          consumes: { topic: name, group: CALLED.consumerGroup },
          emailSender: environment.product.emailSender,
        },
        elsewhere(environment),
      ),
      place: { vpc: network.vpc, subnetGroupName: SUBNETS.functions, securityGroup: network.functions },
      logDays: environment.logDays,
      removalPolicy: removalOf(environment),
    });
    for (const name of TOPIC_NAMES) publishValue(this, environment.name, `mapping/${name}`, `id-of-${name}`);
  }
}
