/**
 * How long a provider is waited for: two attempts of at most eight seconds, well within an invocation's minute. Without the
 * last setting a request past its time is only warned about and goes on.
 */
export const PATIENCE = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 8_000, throwOnRequestTimeout: true },
} as const;
