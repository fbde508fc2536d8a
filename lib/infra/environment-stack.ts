import { Fn, Stack, type StackProps, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Environment } from '../catalog/index.ts';

/** How many zones an environment spreads over. Every region MSK Express is offered in has three. */
const ZONES = 3;

/** A stack of one environment. Its account and region are those of the credentials that deploy it; nothing is looked up. */
export abstract class EnvironmentStack extends Stack {
  readonly environmentOf: Environment;

  constructor(scope: Construct, name: string, environment: Environment, props: StackProps = {}) {
    super(scope, name, {
      stackName: `qr-${environment.name}-${name}`,
      terminationProtection: environment.name === 'prod',
      ...props,
    });
    this.environmentOf = environment;
    Tags.of(this).add('project', 'qr-streams');
    Tags.of(this).add('environment', environment.name);
  }

  /**
   * The first three zones of the region, whichever it is. CDK would take two where the region is not known.
   * https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.Stack.html#availabilityzones
   */
  override get availabilityZones(): string[] {
    return Array.from({ length: ZONES }, (_, i) => Fn.select(i, Fn.getAzs()));
  }
}
