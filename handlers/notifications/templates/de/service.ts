import type { Words } from '../wording.ts';

export const service: Words<'endpoint-paused' | 'dead-letters'> = {
  'endpoint-paused': ({ url, reason }, { link }) => ({
    subject: 'Ihr Webhook-Endpunkt ist angehalten',
    paragraphs: [
      `Wir senden keine Webhooks mehr an ${url}: ${reason}`,
      'Solange er angehalten ist, entfallen Nachrichten. Speichern Sie Ihre Webhook-Einstellungen noch einmal, dann geht es weiter.',
    ],
    short: `Ihr Webhook-Endpunkt ${url} ist angehalten: ${reason}`,
    action: { label: 'Webhook-Einstellungen', url: link('settings', 'webhooks') },
  }),
  'dead-letters': ({ count, reason, topic }, { link }) => ({
    subject: `${count} unzustellbare Ereignisse auf ${topic}`,
    paragraphs: [`${count} Ereignisse von ${topic} konnten nicht bearbeitet werden. Häufigster Grund: ${reason}`],
    short: `${count} unzustellbare Ereignisse auf ${topic}: ${reason}`,
    action: { label: 'Ansehen', url: link('operations', 'dead-letters') },
  }),
};
