import { environmentOf, type Settings } from '../settings.ts';

/** Namespace of the metrics that functions write in embedded metric format. */
export const METRICS_NAMESPACE = 'QrSaas/Streams';

/** Variables that CDK sets on a function from constructs and the local host from its stack. */
export interface FunctionPlace {
  /** Its Powertools service name; of a consumer the topic. */
  readonly name: string;
  readonly settings: Settings;
}

/**
 * The environment variables of one function, the same names in AWS and on a laptop. What the runtime itself sets
 * (`AWS_LAMBDA_*`, `_HANDLER`, credentials, region) is not among them: `AWS_` and `LAMBDA` names are reserved in AWS
 * (Lambda Developer Guide, configuration-envvars), except AWS_ENDPOINT_URL, which only exists where an emulator does.
 */
export const functionEnvironment = ({ name, settings }: FunctionPlace): Readonly<Record<string, string>> => ({
  ...environmentOf(settings),
  POWERTOOLS_SERVICE_NAME: name,
  POWERTOOLS_METRICS_NAMESPACE: METRICS_NAMESPACE,
  POWERTOOLS_LOG_LEVEL: 'INFO',
  // Stack traces that name the source, read from the map beside the bundle.
  NODE_OPTIONS: '--enable-source-maps',
});
