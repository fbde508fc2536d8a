export {
  type Bundle,
  type BundleEntry,
  type BundleRequest,
  bundleFunctions,
  functionEntries,
  PROJECT_ROOT,
} from './bundle.ts';
export { type FunctionPlace, functionEnvironment, METRICS_NAMESPACE } from './environment.ts';
export { BUNDLE_OPTIONS } from './options.ts';
