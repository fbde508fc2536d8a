import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { messageOf, TransientError } from '../errors.ts';
import { EMULATED } from './objects.ts';

/** Short: it is asked for while a function starts, and Lambda gives that ten seconds. */
const PATIENCE = { connectionTimeout: 2_000, requestTimeout: 3_000, throwOnRequestTimeout: true };

/**
 * The text of a secret of Secrets Manager.
 *
 * @param settings where `awsEndpoint` is set, an emulator is spoken to
 * @param arn its ARN or name
 * @throws TransientError PROVIDER_UNAVAILABLE
 */
export const readSecret = async (
  { awsEndpoint }: { readonly awsEndpoint: string | undefined },
  arn: string,
): Promise<string> => {
  const { region, credentials } = EMULATED;
  const client = new SecretsManagerClient({
    ...(awsEndpoint === undefined ? {} : { region, credentials, endpoint: awsEndpoint }),
    maxAttempts: 2,
    requestHandler: PATIENCE,
  });
  try {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
    if (SecretString === undefined) throw new Error('it has no text');
    return SecretString;
  } catch (error) {
    throw new TransientError('PROVIDER_UNAVAILABLE', `The secret ${arn} cannot be read (${messageOf(error)})`, {
      next: 'Check that the function may read it and reaches Secrets Manager',
      cause: error,
    });
  } finally {
    client.destroy();
  }
};
