import { App } from 'aws-cdk-lib';
import { ENVIRONMENT_NAMES, environment, isEnvironmentName } from '../lib/catalog/index.ts';
import { tell } from '../lib/cli/failure.ts';
import { bundledCode } from '../lib/infra/code.ts';
import { deployment } from '../lib/infra/deployment.ts';
import { updatesImage } from '../lib/infra/image.ts';
import { pluginArchive } from '../lib/infra/plugin.ts';
import { connectorFiles } from '../lib/operations/connectors/index.ts';

const app = new App();
const name: unknown = app.node.tryGetContext('env');
if (isEnvironmentName(name)) {
  try {
    deployment(app, environment(name), await bundledCode(), await updatesImage(), {
      files: await connectorFiles(),
      plugin: () => pluginArchive(),
    });
  } catch (error) {
    tell(error);
    process.exitCode = 1;
  }
} else {
  console.error(`Which environment? Say -c env=NAME, with ${ENVIRONMENT_NAMES.join(', ')}.`);
  process.exitCode = 1;
}
