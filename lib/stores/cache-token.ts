import { Sha256 } from '@aws-crypto/sha256-js';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { SignatureV4 } from '@smithy/signature-v4';

/** Whom a token lets in, and where. */
export interface CacheTokenRequest {
  /** With IAM authentication the name of a user is its id. */
  readonly user: string;
  readonly cacheName: string;
  readonly region: string;
}

/** Credentials, or where they come from; the SDK's default chain unless a test says otherwise. */
type Credentials = ConstructorParameters<typeof SignatureV4>[0]['credentials'];

/** ElastiCache takes a token for a quarter of an hour. */
const VALID_SECONDS = 900;

/**
 * What stands for a password at ElastiCache: a request for the action `connect`, signed and never sent, without its scheme.
 * It is needed once a connection; ElastiCache ends a connection twelve hours after the last one.
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html
 *
 * @param now when it is signed; the clock's time unless a test says otherwise
 * @throws the SDK's error where there are no credentials
 */
export const cacheToken = async (
  { user, cacheName, region }: CacheTokenRequest,
  credentials: Credentials = credentialsOfProcess(),
  now: Date = new Date(),
): Promise<string> => {
  const host = cacheName.toLowerCase();
  const signer = new SignatureV4({ service: 'elasticache', region, credentials, sha256: Sha256 });
  const { query = {} } = await signer.presign(
    {
      method: 'GET',
      protocol: 'https:',
      hostname: host,
      path: '/',
      headers: { host },
      query: { Action: 'connect', User: user, ResourceType: 'ServerlessCache' },
    },
    { expiresIn: VALID_SECONDS, signingDate: now },
  );
  const text = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
  return `${host}/?${text.join('&')}`;
};

let known: Credentials | undefined;

/** One provider for the process: it keeps temporary credentials and renews them in time. */
const credentialsOfProcess = (): Credentials => {
  known ??= defaultProvider();
  return known;
};
