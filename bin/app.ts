import { App } from 'aws-cdk-lib';
import { ENVIRONMENT_NAMES, environment, isEnvironmentName } from '../lib/catalog/index.ts';
import { bundledCode } from '../lib/infra/code.ts';
import { deployment } from '../lib/infra/deployment.ts';
import { updatesImage } from '../lib/infra/image.ts';

const app = new App();
const name: unknown = app.node.tryGetContext('env');
if (isEnvironmentName(name)) deployment(app, environment(name), await bundledCode(), await updatesImage());
else {
  console.error(`Which environment? Say -c env=NAME, with ${ENVIRONMENT_NAMES.join(', ')}.`);
  process.exitCode = 1;
}
