import { notifiedInAppAndByEmail } from '../../lib/consumer/index.ts';
import type { Certificate } from './authority.ts';
import { type Claim, keepClaim } from './claim.ts';
import { warningKeys } from './expiry.ts';
import { pollKey } from './polling.ts';

/** ACM's failure reasons and statuses in words of a user (ACM API Reference, CertificateDetail). */
const REASONS: Readonly<Record<string, string>> = {
  ADDITIONAL_VERIFICATION_REQUIRED: 'The certificate authority wants to know more about this domain.',
  CAA_ERROR: 'A CAA record of the domain does not let Amazon issue certificates for it.',
  DOMAIN_NOT_ALLOWED: 'The certificate authority holds this domain for unsafe.',
  DOMAIN_VALIDATION_DENIED: 'The validation of the domain was denied.',
  INVALID_PUBLIC_DOMAIN: 'The domain is no public one.',
  EXPIRED: 'The certificate has expired.',
  REVOKED: 'The certificate was revoked.',
  VALIDATION_TIMED_OUT: 'The validation record of the certificate was not found in time.',
};

/** Why there is no certificate, a sentence for the user. */
export const reasonOf = (certificate: Certificate | undefined): string => {
  if (certificate === undefined) return 'The certificate is not there any more.';
  const { status, reason } = certificate;
  return REASONS[reason ?? status] ?? `The certificate authority says ${reason ?? status}.`;
};

/** There is no certificate, or none any more: it may be requested again. */
export const certificateFailure = (claim: Claim, reason: string, cause: string) => {
  const { domain, userId } = claim;
  return {
    events: notifiedInAppAndByEmail({
      userId,
      template: 'certificate-failed',
      data: { domain, reason },
      dedupeKey: `certificate-failed/${cause}`,
    }),
    unschedule: [pollKey('certificate.status.requested', domain, userId), ...warningKeys(domain, userId)],
    updates: [{ userId, type: 'certificate.failed', data: { domain, reason } }],
    writes: [keepClaim({ ...claim, state: 'certificate-failed', reason })],
  };
};
