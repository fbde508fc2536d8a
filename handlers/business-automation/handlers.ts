import type { Handlers } from '../../lib/consumer/index.ts';
import { domainAdded } from './adding.ts';
import { certificateRequested } from './certifying.ts';
import { certificateStatusRequested } from './issuing.ts';
import type { Ports } from './ports.ts';
import { certificateRenewalDue } from './renewing.ts';
import { verificationRequested } from './verifying.ts';

/** One handler for each event of a domain. */
export const automationHandlers = (ports: Ports): Handlers<'business-automation'> => ({
  'domain.added': domainAdded(ports),
  'domain.verification.requested': verificationRequested(ports),
  'certificate.requested': certificateRequested(ports),
  'certificate.status.requested': certificateStatusRequested(ports),
  'certificate.renewal.due': certificateRenewalDue(ports),
});
