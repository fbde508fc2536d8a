import type { Words } from '../wording.ts';

export const service: Words<'endpoint-paused' | 'dead-letters'> = {
  'endpoint-paused': ({ url, reason }, { link }) => ({
    subject: 'Your webhook endpoint is paused',
    paragraphs: [
      `We have stopped sending webhooks to ${url}: ${reason}`,
      'Messages are left out while it is paused. Save your webhook settings again and it resumes.',
    ],
    short: `Your webhook endpoint ${url} is paused: ${reason}`,
    action: { label: 'Webhook settings', url: link('settings', 'webhooks') },
  }),
  'dead-letters': ({ count, reason, topic }, { link }) => ({
    subject: `${count} dead letters on ${topic}`,
    paragraphs: [`${count} records of ${topic} could not be worked. The most frequent reason: ${reason}`],
    short: `${count} dead letters on ${topic}: ${reason}`,
    action: { label: 'Open the dead letters', url: link('operations', 'dead-letters') },
  }),
};
