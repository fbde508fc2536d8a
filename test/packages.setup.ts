import { fetchPackages } from '../lib/local/packages/index.ts';
import { packagesFolder } from '../lib/local/paths.ts';
import { servicesWith } from '../lib/local/services/index.ts';

/**
 * Downloads what a stack needs before any test begins: the hooks that start stacks have a time limit, which a first download
 * on a slow line would use up.
 */
export default async (): Promise<void> => {
  const told = new Set<string>();
  const names = servicesWith([]).flatMap(({ native }) => native?.packages ?? []);
  await fetchPackages(packagesFolder(), names, (progress) => {
    if (progress.step !== 'fetch' || told.has(progress.name)) return;
    told.add(progress.name);
    console.log(`downloading ${progress.name} (about ${progress.total} MB)`);
  });
};
