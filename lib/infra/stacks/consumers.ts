import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import {
  DEAD_LETTER_TOPIC,
  deployedNames,
  type Environment,
  type FunctionSettings,
  SCHEDULED_FUNCTIONS,
  type ScheduledFunction,
  TOPICS,
  type Topic,
} from '../../catalog/index.ts';
import type { FunctionCode } from '../code.ts';
import { publishValue } from '../constructs/deployed-values.ts';
import { ScheduledWorker } from '../constructs/scheduled-worker.ts';
import { TopicMapping } from '../constructs/topic-mapping.ts';
import { Worker } from '../constructs/worker.ts';
import { EnvironmentStack } from '../environment-stack.ts';
import { explained } from '../explained.ts';
import { removalOf } from '../removal.ts';
import { bucketArn, type Resources, resourcesOf } from '../rights/resources.ts';
import { type Grantee, statementsOf } from '../rights/statements.ts';
import { consumerRights, type FunctionRights, scheduledRights } from '../rights/table.ts';
import { variablesOf } from '../variables.ts';
import { type NetworkStack, SUBNETS } from './network.ts';
import { ON_FAILURE_PREFIX } from './storage.ts';

interface Member {
  readonly name: string;
  readonly description: string;
  readonly function: FunctionSettings;
}

/**
 * The functions of the catalog: one a topic with its event source mapping, and those that rules start. Of the other stacks
 * it imports the network only, which could not be deleted before its functions anyway; the rest it finds by parameters.
 */
export class ConsumersStack extends EnvironmentStack {
  /** By their names in the catalog. */
  readonly workers: ReadonlyMap<string, Worker>;
  readonly #network: NetworkStack;
  readonly #resources: Resources;
  readonly #code: FunctionCode;
  readonly #linkSecret: Secret;

  constructor(scope: Construct, environment: Environment, network: NetworkStack, code: FunctionCode) {
    super(scope, 'consumers', environment, { description: 'Functions and their event source mappings' });
    this.#network = network;
    this.#resources = resourcesOf(this, environment);
    this.#code = code;
    this.#linkSecret = this.#secret();
    this.workers = new Map([
      ...TOPICS.map((topic) => [topic.name, this.#consumer(topic)] as const),
      ...SCHEDULED_FUNCTIONS.map((entry) => [entry.name, this.#scheduled(entry)] as const),
    ]);
  }

  #consumer(topic: Topic): Worker {
    const { name, purpose, consumerGroup } = topic;
    const { clusterArn, bucket } = this.#resources;
    // Letters that the consumer of dead letters gives up would come back to it.
    const isLast = name === DEAD_LETTER_TOPIC;
    const worker = this.#worker({ name, description: purpose, function: topic.function }, consumerRights(name), {
      consumes: { topic: name, group: consumerGroup },
      ...(isLast ? { onFailureFolder: ON_FAILURE_PREFIX } : {}),
    });
    const { mappingId } = new TopicMapping(this, `${name}-mapping`, {
      topic,
      clusterArn,
      target: worker.target,
      pollerGroup: `qr-${this.environmentOf.name}`,
      onFailure: isLast ? bucketArn(bucket) : `kafka://${DEAD_LETTER_TOPIC}`,
    });
    publishValue(this, this.environmentOf.name, `mapping/${name}`, mappingId);
    return worker;
  }

  #scheduled(entry: ScheduledFunction): Worker {
    const { name, everyMinutes } = entry;
    const description = `Started every ${everyMinutes} min`;
    const worker = this.#worker({ name, description, function: entry.function }, scheduledRights(name), {});
    const ruleName = deployedNames(this.environmentOf.name).function(name);
    new ScheduledWorker(this, `${name}-rule`, { worker, name: ruleName, everyMinutes });
    return worker;
  }

  #worker(member: Member, rights: FunctionRights, grantee: Pick<Grantee, 'consumes' | 'onFailureFolder'>): Worker {
    const environment = this.environmentOf;
    const { vpc, functions, internetFunctions } = this.#network;
    const { bucket, auditBucket } = this.#resources;
    const functionName = deployedNames(environment.name).function(member.name);
    const isOutside = rights.internet !== undefined;
    const secret = rights.signsLinks ? this.#linkSecret : undefined;
    const worker = new Worker(this, member.name, {
      name: functionName,
      description: member.description,
      settings: member.function,
      code: this.#code(member.name),
      variables: variablesOf(
        {
          name: member.name,
          bucket: rights.isAuditor ? auditBucket : bucket,
          linkSecretArn: secret?.secretArn,
        },
        environment,
        this.#resources,
      ),
      statements: statementsOf(
        rights,
        {
          ...grantee,
          functionName,
          emailSender: environment.product.emailSender,
          linkSecretArn: secret?.secretArn,
        },
        this.#resources,
      ),
      place: {
        vpc,
        subnetGroupName: isOutside ? SUBNETS.internet : SUBNETS.functions,
        securityGroup: isOutside ? internetFunctions : functions,
      },
      logDays: environment.logDays,
      removalPolicy: removalOf(environment),
    });
    return worker;
  }

  /** Signs the links by which users leave e-mails; the service that answers these links reads the same secret. */
  #secret(): Secret {
    const { name } = this.environmentOf;
    const secret = new Secret(this, 'LinkSecret', {
      secretName: `qr/${name}/links`,
      description: 'Signs the links in e-mails',
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy: removalOf(this.environmentOf),
    });
    explained(secret, {
      id: 'AwsSolutions-SMG4',
      reason:
        'Another secret would break the links in every e-mail that was sent; it is turned over by hand when it leaks',
    });
    return secret;
  }
}
