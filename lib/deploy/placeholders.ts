import type { Environment } from '../catalog/index.ts';
import { StreamError } from '../errors.ts';

/** Domains that nobody can own (RFC 2606): what stands there was never filled in. */
const RESERVED = /(?:^|\.)(?:example|test|invalid|localhost|example\.(?:com|net|org))$/i;

interface Place {
  /** As lib/catalog/environments.ts has it. */
  readonly name: string;
  readonly addressOf: (environment: Environment) => string;
  /** Whether nothing is deployed until it is filled in, or it is only told. */
  readonly kind: 'refused' | 'warning';
  /** What happens with the placeholder. */
  readonly text: string;
}

const PLACES: readonly Place[] = [
  {
    name: 'onCallEmail',
    addressOf: ({ onCallEmail }) => onCallEmail,
    kind: 'refused',
    text: 'nobody would be told of an alarm',
  },
  { name: 'runbook', addressOf: ({ runbook }) => runbook, kind: 'warning', text: 'alarms lead to no runbook' },
  {
    name: 'product.emailSender',
    addressOf: ({ product }) => product.emailSender,
    kind: 'warning',
    text: 'SES sends no e-mail from it',
  },
  { name: 'product.appUrl', addressOf: ({ product }) => product.appUrl, kind: 'warning', text: 'links lead nowhere' },
  {
    name: 'product.domainTarget',
    addressOf: ({ product }) => product.domainTarget,
    kind: 'warning',
    text: 'domains of users cannot be connected',
  },
];

/** An address of the environment that is still a placeholder. */
export interface Placeholder extends Pick<Place, 'name' | 'kind' | 'text'> {
  readonly value: string;
}

/** What of an environment's addresses has not been filled in yet. */
export const placeholdersOf = (environment: Environment): readonly Placeholder[] =>
  PLACES.map(({ addressOf, ...place }) => ({ ...place, value: addressOf(environment) })).filter(({ value }) =>
    RESERVED.test(domainIn(value)),
  );

/** @throws StreamError REFUSED while an address is a placeholder without which nothing may be deployed */
export const requireFilledIn = (placeholders: readonly Placeholder[]): void => {
  const first = placeholders.find(({ kind }) => kind === 'refused');
  if (first === undefined) return;
  throw new StreamError('REFUSED', `${first.name} is the placeholder ${first.value}: ${first.text}.`, {
    next: 'Put your own address into lib/catalog/environments.ts',
  });
};

/** The domain of an e-mail address, of a URL, or the name itself. */
const domainIn = (value: string): string =>
  value.includes('@') ? value.slice(value.lastIndexOf('@') + 1) : URL.canParse(value) ? new URL(value).hostname : value;
