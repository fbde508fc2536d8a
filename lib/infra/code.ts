import { join } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { bundleFunctions, deploymentEntries, functionEntries, PROJECT_ROOT } from '../functions/index.ts';

/** The code of a function, by its name in the catalog. */
export type FunctionCode = (name: string) => Code;

/**
 * Bundles all functions of the catalog, once for all stacks, and into the folder that the local stack uses as well: what
 * was bundled there and has not changed is not bundled again.
 *
 * @throws esbuild's BuildFailure, whose message names file and line
 */
export const bundledCode = async (): Promise<FunctionCode> => {
  const bundles = await bundleFunctions({
    outDir: join(PROJECT_ROOT, 'dist', 'functions'),
    entries: [...functionEntries(), ...deploymentEntries()],
  });
  const folders = new Map(bundles.map(({ name, folder }) => [name, folder]));
  return (name) => {
    const folder = folders.get(name);
    if (folder === undefined) throw new Error(`The function ${name} of the catalog has no code to bundle.`);
    return Code.fromAsset(folder);
  };
};
