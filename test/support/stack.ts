import { inject } from 'vitest';
import type { TestStack } from './provided.ts';

/** @returns the stack; the AWS SDK's own variables are set to it */
export const testStack = (): TestStack => {
  const stack = inject('stack');
  if (stack.settings.awsEndpoint !== undefined) process.env.AWS_ENDPOINT_URL = stack.settings.awsEndpoint;
  return stack;
};
