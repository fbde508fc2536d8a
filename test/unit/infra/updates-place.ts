import type { Environment } from '../../../lib/catalog/index.ts';

/** An environment with the updates API, which it only has once somebody has made a certificate for it. */
export const withUpdates = (environment: Environment): Environment => ({
  updates: {
    certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012',
    origins: [environment.product.appUrl],
    servers: { least: 2, most: 8 },
  },
  ...environment,
});
