import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { type EnvironmentName, environment } from '../../../lib/catalog/index.ts';
import { type Deployment, deployment } from '../../../lib/infra/deployment.ts';
import { SOURCES, withEverything } from './everything.ts';
import { noCode, noImage } from './no-code.ts';

// The feature flags of the app.
const { context } = JSON.parse(readFileSync(new URL('../../../cdk.json', import.meta.url), 'utf8'));

// `npm run synth` validates the templates of all environments; here that would cost each test file ten seconds.
process.env.CDK_VALIDATION ??= 'false';

/** An app with the flags of the project's. */
export const newApp = (): App => new App({ context });

const made = new Map<EnvironmentName, Deployment>();

/** The stacks of an environment, without the bundles; made once, because a synthesis takes seconds. */
export const stacksOf = (name: EnvironmentName): Deployment => {
  const stacks = made.get(name) ?? deployment(newApp(), withEverything(environment(name)), noCode, noImage, SOURCES);
  made.set(name, stacks);
  return stacks;
};

/** Their templates. */
export const templatesOf = (name: EnvironmentName) => {
  const { network, streaming, cache, storage, schemas, consumers, backup, updates, connect, observability, trail } =
    stacksOf(name);
  return {
    network: Template.fromStack(network),
    streaming: Template.fromStack(streaming),
    cache: Template.fromStack(cache),
    storage: Template.fromStack(storage),
    schemas: Template.fromStack(schemas),
    consumers: Template.fromStack(consumers),
    backup: Template.fromStack(backup),
    observability: Template.fromStack(observability),
    ...(connect === undefined ? {} : { connect: Template.fromStack(connect) }),
    ...(updates === undefined ? {} : { updates: Template.fromStack(updates) }),
    ...(trail === undefined ? {} : { trail: Template.fromStack(trail) }),
  };
};
