import type { Words } from '../wording.ts';

type Names = 'welcome' | 'tips' | 'first-batch' | 'trial-ending' | 'inactive';

export const onboarding: Words<Names> = {
  welcome: ({ name }, { link }) => ({
    subject: 'Willkommen bei QR SaaS',
    paragraphs: [
      `Hallo ${name},`,
      'Ihr Konto ist bereit. Erstellen Sie Ihren ersten Code, lassen Sie ihn führen, wohin Sie möchten, und ändern Sie das später, ohne neu zu drucken.',
    ],
    short: `Willkommen, ${name}. Ihr Konto ist bereit.`,
    action: { label: 'Code erstellen', url: link('codes', 'new') },
  }),
  tips: ({ name }, { link }) => ({
    subject: 'Drei Dinge, die viele erst spät entdecken',
    paragraphs: [
      `Hallo ${name},`,
      'ein Code kann Ihr Logo tragen, sein Ziel kann zu einem festen Zeitpunkt wechseln, und jeder Scan wird nach Land und Gerät gezählt.',
    ],
    short: `${name}, Ihre Codes können ein Logo tragen, ihr Ziel zu fester Zeit wechseln und jeden Scan zählen.`,
    action: { label: 'So geht es', url: link('help', 'tips') },
  }),
  'first-batch': ({ name }, { link }) => ({
    subject: 'Tausend Codes auf einmal',
    paragraphs: [
      `Hallo ${name},`,
      'laden Sie eine Tabelle hoch, eine Zeile je Code, und Sie bekommen kurz darauf alle in einer Zip-Datei.',
    ],
    short: `${name}, laden Sie eine Tabelle hoch und erhalten Sie alle Codes in einer Zip-Datei.`,
    action: { label: 'Stapel starten', url: link('batches', 'new') },
  }),
  'trial-ending': ({ trialEndsAt }, { link, day }) => ({
    subject: `Ihre Testphase endet am ${day(trialEndsAt)}`,
    paragraphs: [
      `Ihre Testphase endet am ${day(trialEndsAt)}.`,
      'Ihre Codes funktionieren weiter. Wählen Sie einen Tarif, um zu behalten, was über den freien Tarif hinausgeht.',
    ],
    short: `Ihre Testphase endet am ${day(trialEndsAt)}. Ihre Codes funktionieren weiter.`,
    action: { label: 'Tarif wählen', url: link('plans') },
  }),
  inactive: ({ lastSeenAt }, { link, day }) => ({
    subject: 'Ihre Codes sind weiter im Einsatz',
    paragraphs: [
      `Sie waren zuletzt am ${day(lastSeenAt)} hier. Seither wurden Ihre Codes gescannt; die Zahlen warten auf Sie.`,
    ],
    short: `Sie waren zuletzt am ${day(lastSeenAt)} hier. Ihre Codes sind weiter im Einsatz.`,
    action: { label: 'Scans ansehen', url: link('analytics') },
  }),
};
