import { describe, expect, it } from 'vitest';
import { ENVIRONMENT_NAMES, environment } from '../../../lib/catalog/index.ts';
import { placeholdersOf, requireFilledIn } from '../../../lib/deploy/placeholders.ts';

const filledIn = {
  ...environment('prod'),
  onCallEmail: 'on-call@codes.io',
  runbook: 'https://git.codes.io/example/runbook.md',
  product: { ...environment('prod').product, emailSender: 'no-reply@codes.io', appUrl: 'https://app.codes.io' },
};

describe('addresses that nobody has filled in', () => {
  it.each(ENVIRONMENT_NAMES)('keep %s, as the catalog comes, from being deployed', (name) => {
    expect(() => requireFilledIn(placeholdersOf(environment(name)))).toThrow(
      expect.objectContaining({
        code: 'REFUSED',
        message: `onCallEmail is the placeholder ${environment(name).onCallEmail}: nobody would be told of an alarm.`,
        next: 'Put your own address into lib/catalog/environments.ts',
      }),
    );
  });

  it('are told, and let pass, but for the one of the on-call', () => {
    const found = placeholdersOf(filledIn);
    expect(found.map(({ name, kind }) => [name, kind])).toEqual([['product.domainTarget', 'warning']]);
    expect(() => requireFilledIn(found)).not.toThrow();
  });

  it.each(['a@x.example', 'a@example.com', 'a@mail.example.org', 'a@x.test', 'a@X.EXAMPLE', 'a@localhost'])(
    'are known by their domain: %s',
    (onCallEmail) => {
      expect(placeholdersOf({ ...filledIn, onCallEmail })[0]?.name).toBe('onCallEmail');
    },
  );

  it.each(['a@example.io', 'example@codes.io', 'a@myexample.com', 'a@latest.io'])('are not %s', (onCallEmail) => {
    expect(placeholdersOf({ ...filledIn, onCallEmail }).map(({ name }) => name)).not.toContain('onCallEmail');
  });
});
