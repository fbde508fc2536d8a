export {
  type Bundle,
  type BundleEntry,
  type BundleRequest,
  bundleFunctions,
  deploymentEntries,
  functionEntries,
  updatesEntry,
} from './bundle.ts';
export { codeOfBundles, codeOfSources } from './code.ts';
export { coldImportMs } from './cold-import.ts';
export { type FunctionPlace, functionEnvironment, METRICS_NAMESPACE } from './environment.ts';
export { BUNDLE_OPTIONS } from './options.ts';
export { PROJECT_ROOT } from './root.ts';
