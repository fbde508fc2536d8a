import { messageOf, PermanentError, type StreamError, TransientError } from '../../../lib/errors.ts';
import { withoutAddresses } from '../addresses.ts';

/** What of SES and SNS blames the message itself; everything else may pass: throttling, outages, missing rights. */
const REFUSALS: ReadonlySet<string> = new Set([
  // SES API v2, SendEmail
  'MessageRejected',
  'BadRequestException',
  // SNS, Publish
  'InvalidParameter',
  'InvalidParameterException',
  'InvalidParameterValue',
  'ValidationException',
]);

/**
 * An error of a provider as one of ours, without the addresses that its text may hold.
 *
 * @param provider what people call it
 */
export const providerError = (provider: string, error: unknown): StreamError => {
  const name = error instanceof Error ? error.name : 'Error';
  const said = `${name}: ${withoutAddresses(messageOf(error))}`;
  if (REFUSALS.has(name)) return new PermanentError('REFUSED', `${provider} refuses the message. ${said}`);
  return new TransientError('PROVIDER_UNAVAILABLE', `${provider} did not take the message. ${said}`, {
    next: 'It is tried again; check the quotas and rights of the account when it goes on',
  });
};
