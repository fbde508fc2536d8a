const MIB = 1024 * 1024;

/** Limits of Lambda that bind locally as well. Lambda Developer Guide, page gettingstarted-limits unless said otherwise. */
export const LIMITS = {
  /** Request and response of a synchronous invocation, and the payload of a batch (page invocation-eventsourcemapping). */
  payloadBytes: 6 * MIB,
  /** Initialisation of an environment, before Lambda starts it over (page lambda-runtime-environment). */
  initSeconds: 10,
} as const;

/** The account and region that local names pretend to be in. */
const REGION = 'us-east-1';
const ACCOUNT = '000000000000';

export const LOCAL_REGION = REGION;
export const LOCAL_ACCOUNT = ACCOUNT;

/** ARN of a local function; its form is AWS's, so that code that parses ARNs works. */
export const functionArn = (name: string): string => `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`;

/** ARN of the local cluster, as `eventSourceArn` of every event. */
export const CLUSTER_ARN = `arn:aws:kafka:${REGION}:${ACCOUNT}:cluster/qr-kafka/00000000-0000-4000-8000-000000000000-1`;
