import type { Language } from '../wording.ts';
import { batches } from './batches.ts';
import { billing } from './billing.ts';
import { domains } from './domains.ts';
import { onboarding } from './onboarding.ts';
import { service } from './service.ts';
import { shop } from './shop.ts';
import { teams } from './teams.ts';

export const en: Language = {
  words: { ...onboarding, ...batches, ...billing, ...teams, ...domains, ...shop, ...service },
  footer: 'You get this message because it concerns your account or somebody asked us to send it.',
  unsubscribe: 'No more messages of this kind:',
};
