import type { Language } from '../wording.ts';
import { batches } from './batches.ts';
import { billing } from './billing.ts';
import { domains } from './domains.ts';
import { onboarding } from './onboarding.ts';
import { service } from './service.ts';
import { shop } from './shop.ts';
import { teams } from './teams.ts';

export const de: Language = {
  words: { ...onboarding, ...batches, ...billing, ...teams, ...domains, ...shop, ...service },
  footer: 'Sie erhalten diese Nachricht, weil sie Ihr Konto betrifft oder jemand uns darum gebeten hat.',
  unsubscribe: 'Keine Nachrichten dieser Art mehr:',
};
