import type { Words } from '../wording.ts';

type Names = 'domain-verified' | 'domain-failed' | 'certificate-issued' | 'certificate-failed' | 'certificate-expiring';

export const domains: Words<Names> = {
  'domain-verified': ({ domain }, { link }) => ({
    subject: `${domain} is yours`,
    paragraphs: [`We have found the records of ${domain}. Its certificate is on the way.`],
    short: `${domain} is verified.`,
    action: { label: 'See the domain', url: link('domains', domain) },
  }),
  'domain-failed': ({ domain, reason }, { link }) => ({
    subject: `${domain} could not be verified`,
    paragraphs: [`We could not verify ${domain}.`, reason, 'Mend the records at your provider and start again.'],
    short: `${domain} could not be verified: ${reason}`,
    action: { label: 'See the records', url: link('domains', domain) },
  }),
  'certificate-issued': ({ domain }, { link }) => ({
    subject: `${domain} is ready`,
    paragraphs: [`The certificate of ${domain} is issued: your codes can lead there from now on.`],
    short: `The certificate of ${domain} is issued.`,
    action: { label: 'Use the domain', url: link('domains', domain) },
  }),
  'certificate-failed': ({ domain, reason }, { link }) => ({
    subject: `No certificate for ${domain}`,
    paragraphs: [`The certificate of ${domain} could not be issued.`, reason],
    short: `The certificate of ${domain} could not be issued: ${reason}`,
    action: { label: 'See the domain', url: link('domains', domain) },
  }),
  'certificate-expiring': ({ domain, daysLeft }, { link }) => ({
    subject: `The certificate of ${domain} expires`,
    paragraphs: [
      `Days left until the certificate of ${domain} expires: ${daysLeft}.`,
      'It renews by itself as long as the records of the domain are in place. Please check them.',
    ],
    short: `The certificate of ${domain} expires; days left: ${daysLeft}.`,
    action: { label: 'Check the records', url: link('domains', domain) },
  }),
};
