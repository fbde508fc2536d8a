import type { KafkaConfig } from 'kafkajs';

/** A token that says who we are, signed by the credentials of the environment and good for a quarter of an hour. */
export const mskToken = async (region: string = process.env.AWS_REGION ?? ''): Promise<string> => {
  // Loaded where it is needed: on a laptop nobody signs anything.
  const { generateAuthToken } = await import('aws-msk-iam-sasl-signer-js');
  return (await generateAuthToken({ region })).token;
};

/**
 * How a client of Amazon MSK says who it is: SASL/OAUTHBEARER over TLS, with a {@link mskToken}; kafkajs asks for
 * a new one with each new connection.
 * https://docs.aws.amazon.com/msk/latest/developerguide/iam-access-control.html
 */
export const mskIam = (region: string = process.env.AWS_REGION ?? ''): Pick<KafkaConfig, 'ssl' | 'sasl'> => ({
  ssl: true,
  sasl: {
    mechanism: 'oauthbearer',
    oauthBearerProvider: async () => ({ value: await mskToken(region) }),
  },
});
