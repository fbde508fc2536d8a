import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EnvironmentName } from '../catalog/index.ts';
import { StreamError } from '../errors.ts';
import { PROJECT_ROOT } from '../functions/index.ts';
import { type Template, templateOf } from './template.ts';

/** A stack that was synthesised. */
export interface SynthesisedStack {
  readonly name: string;
  readonly template: Template;
}

/** Where the templates of an environment are written. */
export const assemblyFolder = (environment: EnvironmentName): string => join(PROJECT_ROOT, 'cdk.out', environment);

/** Writes the templates of an environment; what is checked and what is deployed is then the same. */
export const synthesise = async (environment: EnvironmentName): Promise<readonly SynthesisedStack[]> => {
  const folder = assemblyFolder(environment);
  await cdk(['synth', '--quiet', '--context', `env=${environment}`, '--output', folder]);
  const manifest: Manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
  const stacks = Object.values(manifest.artifacts).flatMap(({ type, properties }) => {
    const { stackName, templateFile } = properties ?? {};
    return type === 'aws:cloudformation:stack' && stackName !== undefined && templateFile !== undefined
      ? [{ name: stackName, file: templateFile }]
      : [];
  });
  return Promise.all(
    stacks.map(async ({ name, file }) => ({
      name,
      template: templateOf(await readFile(join(folder, file), 'utf8')),
    })),
  );
};

/** Of a cloud assembly, as far as it is read here. */
interface Manifest {
  readonly artifacts: Readonly<
    Record<
      string,
      {
        readonly type: string;
        readonly properties?: { readonly stackName?: string; readonly templateFile?: string };
      }
    >
  >;
}

/**
 * Runs the CDK command line of node_modules on this terminal.
 *
 * @throws StreamError SERVICE_FAILED when it ends with anything but 0; it has said why
 */
export const cdk = async (words: readonly string[]): Promise<void> => {
  const program = join(PROJECT_ROOT, 'node_modules', 'aws-cdk', 'bin', 'cdk');
  const code = await new Promise<number>((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...words], { cwd: PROJECT_ROOT, stdio: 'inherit' });
    child.once('error', reject);
    child.once('close', (ended) => resolve(ended ?? 1));
  });
  if (code !== 0)
    throw new StreamError('SERVICE_FAILED', `cdk ${words[0]} ended with ${code}; its reason stands above.`);
};
