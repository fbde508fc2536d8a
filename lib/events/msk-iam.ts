import type { KafkaConfig } from 'kafkajs';

/**
 * How a client of Amazon MSK says who it is: SASL/OAUTHBEARER over TLS, with a token that is signed by the credentials of
 * the environment and good for a quarter of an hour; kafkajs asks for a new one with each new connection.
 * https://docs.aws.amazon.com/msk/latest/developerguide/iam-access-control.html
 */
export const mskIam = (region: string = process.env.AWS_REGION ?? ''): Pick<KafkaConfig, 'ssl' | 'sasl'> => ({
  ssl: true,
  sasl: {
    mechanism: 'oauthbearer',
    oauthBearerProvider: async () => {
      // Loaded where it is needed: on a laptop nobody signs anything.
      const { generateAuthToken } = await import('aws-msk-iam-sasl-signer-js');
      const { token } = await generateAuthToken({ region });
      return { value: token };
    },
  },
});
