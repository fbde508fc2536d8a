import { GlueClient } from '@aws-sdk/client-glue';
import { PermanentError } from '../errors.ts';
import { openGlueRegistry } from '../events/glue-registry.ts';
import { registerSchemas } from '../events/registration.ts';
import type { SchemaRegistry } from '../events/registry.ts';
import { customResource } from './custom-resource.ts';

/**
 * Registers every schema in the registry that the property `Registry` names. One that breaks readers of the version before
 * fails the deployment; the others may be registered by then, which harms nobody: they read what was written before.
 * A stack that is deleted leaves the schemas, because records written by them may still be in the topics.
 *
 * @param open opens a registry by its name
 */
export const schemaRegistrar = (open: (registry: string) => SchemaRegistry) =>
  customResource(async ({ Registry: registry }) => {
    if (typeof registry !== 'string' || registry === '') {
      throw new PermanentError('NOT_FOUND', 'The deployment does not say which registry.', {
        next: 'Give the custom resource the property Registry',
      });
    }
    await registerSchemas(open(registry));
  });

/** Glue takes some requests a second from an account; the deployment rather waits than fails. */
const ATTEMPTS = 8;

export const handler = schemaRegistrar((registry) =>
  openGlueRegistry(registry, new GlueClient({ maxAttempts: ATTEMPTS })),
);
