import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { type EnvironmentName, environment } from '../../../lib/catalog/index.ts';
import type { FunctionCode } from '../../../lib/infra/code.ts';
import { type Deployment, deployment } from '../../../lib/infra/deployment.ts';

// The feature flags of the app.
const { context } = JSON.parse(readFileSync(new URL('../../../cdk.json', import.meta.url), 'utf8'));

/** Code that stands for the bundles, which take seconds to make and are not what a template is looked at for. */
export const noCode: FunctionCode = () => Code.fromInline('exports.handler = async () => ({})');

// `npm run synth` validates the templates of all environments; here that would cost each test file ten seconds.
process.env.CDK_VALIDATION ??= 'false';

const made = new Map<EnvironmentName, Deployment>();

/** The stacks of an environment, without the bundles; made once, because a synthesis takes seconds. */
export const stacksOf = (name: EnvironmentName): Deployment => {
  const stacks = made.get(name) ?? deployment(new App({ context }), environment(name), noCode);
  made.set(name, stacks);
  return stacks;
};

/** Their templates. */
export const templatesOf = (name: EnvironmentName) => {
  const { network, streaming, cache, storage, schemas, consumers, trail } = stacksOf(name);
  return {
    network: Template.fromStack(network),
    streaming: Template.fromStack(streaming),
    cache: Template.fromStack(cache),
    storage: Template.fromStack(storage),
    schemas: Template.fromStack(schemas),
    consumers: Template.fromStack(consumers),
    ...(trail === undefined ? {} : { trail: Template.fromStack(trail) }),
  };
};
