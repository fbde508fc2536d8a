import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { bundleFunctions, PROJECT_ROOT, updatesEntry } from '../functions/index.ts';

/**
 * The image of the updates API's server. A synthesis only looks at its files; it is built when it is deployed, which needs
 * Docker there.
 *
 * @throws esbuild's BuildFailure, whose message names file and line
 */
export const updatesImage = async (): Promise<ContainerImage> => {
  const [bundle] = await bundleFunctions({ outDir: join(PROJECT_ROOT, 'dist', 'services'), entries: [updatesEntry()] });
  if (bundle === undefined) throw new Error('The server of the updates API was not bundled.');
  await copyFile(join(PROJECT_ROOT, 'lib', 'updates', 'Dockerfile'), join(bundle.folder, 'Dockerfile'));
  return ContainerImage.fromAsset(bundle.folder, { platform: Platform.LINUX_ARM64 });
};
