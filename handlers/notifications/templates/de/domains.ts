import type { Words } from '../wording.ts';

type Names = 'domain-verified' | 'domain-failed' | 'certificate-issued' | 'certificate-failed' | 'certificate-expiring';

export const domains: Words<Names> = {
  'domain-verified': ({ domain }, { link }) => ({
    subject: `${domain} ist bestätigt`,
    paragraphs: [`Wir haben die Einträge von ${domain} gefunden. Das Zertifikat ist unterwegs.`],
    short: `${domain} ist bestätigt.`,
    action: { label: 'Domain ansehen', url: link('domains', domain) },
  }),
  'domain-failed': ({ domain, reason }, { link }) => ({
    subject: `${domain} konnte nicht bestätigt werden`,
    paragraphs: [
      `Wir konnten ${domain} nicht bestätigen.`,
      reason,
      'Bitte verbessern Sie die Einträge bei Ihrem Anbieter und beginnen Sie noch einmal.',
    ],
    short: `${domain} konnte nicht bestätigt werden: ${reason}`,
    action: { label: 'Einträge ansehen', url: link('domains', domain) },
  }),
  'certificate-issued': ({ domain }, { link }) => ({
    subject: `${domain} ist einsatzbereit`,
    paragraphs: [`Das Zertifikat von ${domain} ist ausgestellt: Ihre Codes können ab sofort dorthin führen.`],
    short: `Das Zertifikat von ${domain} ist ausgestellt.`,
    action: { label: 'Domain verwenden', url: link('domains', domain) },
  }),
  'certificate-failed': ({ domain, reason }, { link }) => ({
    subject: `Kein Zertifikat für ${domain}`,
    paragraphs: [`Das Zertifikat von ${domain} konnte nicht ausgestellt werden.`, reason],
    short: `Das Zertifikat von ${domain} konnte nicht ausgestellt werden: ${reason}`,
    action: { label: 'Domain ansehen', url: link('domains', domain) },
  }),
  'certificate-expiring': ({ domain, daysLeft }, { link }) => ({
    subject: `Das Zertifikat von ${domain} läuft ab`,
    paragraphs: [
      `Verbleibende Tage, bis das Zertifikat von ${domain} abläuft: ${daysLeft}.`,
      'Es erneuert sich von selbst, solange die Einträge der Domain bestehen. Bitte prüfen Sie diese.',
    ],
    short: `Das Zertifikat von ${domain} läuft ab; verbleibende Tage: ${daysLeft}.`,
    action: { label: 'Einträge prüfen', url: link('domains', domain) },
  }),
};
