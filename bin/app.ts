import { App } from 'aws-cdk-lib';
import { ENVIRONMENT_NAMES, environment, isEnvironmentName } from '../lib/catalog/index.ts';
import { bundledCode } from '../lib/infra/code.ts';
import { deployment } from '../lib/infra/deployment.ts';

const app = new App();
const name: unknown = app.node.tryGetContext('env');
if (isEnvironmentName(name)) deployment(app, environment(name), await bundledCode());
else {
  console.error(`Which environment? Say -c env=NAME, with ${ENVIRONMENT_NAMES.join(', ')}.`);
  process.exitCode = 1;
}
