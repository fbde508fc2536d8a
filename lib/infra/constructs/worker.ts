import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc } from 'aws-cdk-lib/aws-ec2';
import { Policy, PolicyDocument, type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Alias,
  ApplicationLogLevel,
  Architecture,
  type Code,
  type IFunction,
  Function as Lambda,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { FunctionSettings } from '../../catalog/index.ts';
import { explained, explainedWildcards, type WildcardReason } from '../explained.ts';

/** Where in a VPC a function stands. */
export interface WorkerPlace {
  readonly vpc: IVpc;
  readonly subnetGroupName: string;
  readonly securityGroup: ISecurityGroup;
}

export interface WorkerProps {
  /** Name of the function in the account. */
  readonly name: string;
  readonly description: string;
  readonly settings: FunctionSettings;
  /** What has `index.mjs` with its `handler`. */
  readonly code: Code;
  readonly variables: Readonly<Record<string, string>>;
  readonly statements: readonly PolicyStatement[];
  /** Where it stands; outside of any VPC, where it reaches services of AWS only by its rights, unless given. */
  readonly place?: WorkerPlace;
  readonly logDays: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
}

/** What is provisioned is provisioned of a version, and called by this name. */
const ALIAS = 'live';

/** A function of the catalog with its role and its log. */
export class Worker extends Construct {
  readonly function: Lambda;
  /** What event source mappings and rules call: the alias where environments are provisioned, else the function. */
  readonly target: IFunction;

  constructor(scope: Construct, id: string, props: WorkerProps) {
    super(scope, id);
    const { memoryMb, timeoutSeconds, reservedConcurrency, provisionedConcurrency } = props.settings;
    const logGroup = new LogGroup(this, 'Log', {
      logGroupName: `/aws/lambda/${props.name}`,
      retention: props.logDays,
      removalPolicy: props.removalPolicy,
    });
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `What ${props.name} may do`,
    });
    const document = new PolicyDocument({ statements: [...props.statements] });
    const policy = new Policy(this, 'Rights', { roles: [role], document });
    logGroup.grantWrite(role);
    this.function = new Lambda(this, 'Function', {
      functionName: props.name,
      description: props.description,
      code: props.code,
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: memoryMb,
      timeout: Duration.seconds(timeoutSeconds),
      reservedConcurrentExecutions: reservedConcurrency,
      environment: { ...props.variables },
      role,
      ...(props.place === undefined ? {} : placeProps(props.place)),
      tracing: Tracing.ACTIVE,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      systemLogLevelV2: SystemLogLevel.WARN,
    });
    // Lambda looks at the role when it connects the function with the VPC, and again for its event source mapping.
    this.function.node.addDependency(policy);
    explained(this.function, {
      id: 'W3005',
      reason:
        'CDK itself has a function depend on its role and the policies of the role, though it names the role as well',
    });
    this.target =
      provisionedConcurrency === undefined
        ? this.function
        : new Alias(this, 'Alias', {
            aliasName: ALIAS,
            version: this.function.currentVersion,
            provisionedConcurrentExecutions: provisionedConcurrency,
          });
    explainedWildcards(this, document, WILDCARDS);
  }
}

const placeProps = ({ vpc, subnetGroupName, securityGroup }: WorkerPlace) => ({
  vpc,
  vpcSubnets: { subnetGroupName },
  securityGroups: [securityGroup],
});

/** Why resources of a role have wildcards. */
const WILDCARDS: readonly WildcardReason[] = [
  {
    pattern: /^\*$/,
    reason:
      'Traces of X-Ray, descriptions of the VPC, a certificate that does not exist yet and a schema version that is asked for ' +
      'by its id have no ARN; lib/infra/rights says so beside each',
  },
  {
    pattern: /:ec2:.*:\*\/\*$/,
    reason: 'Network interfaces are made by Lambda; the code of the function is denied them',
  },
  { pattern: /:s3:::.*\/\*$/, reason: 'The objects of a folder, whose keys come with the work' },
  { pattern: /:glue:.*:schema\/.*\/\*$/, reason: 'The schemas of the environment’s own registry' },
  { pattern: /:acm:.*:certificate\/\*$/, reason: 'Certificates of the domains of users, which are made while it runs' },
];
