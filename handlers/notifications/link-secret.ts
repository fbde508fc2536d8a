import { type Settings, settingsFrom } from '../../lib/settings.ts';

/**
 * The settings of this process with the secret that signs links. In AWS it is read once, while the function starts, and so
 * stands in no configuration that others may look at; a function that cannot read it does not start, and its batch is
 * delivered again.
 */
export const settingsWithSecret = async (settings: Settings = settingsFrom()): Promise<Settings> => {
  const { linkSecret, linkSecretArn } = settings;
  if (linkSecret !== undefined || linkSecretArn === undefined) return settings;
  // Loaded where it is needed: a laptop has the secret in its settings.
  const { readSecret } = await import('../../lib/stores/secrets.ts');
  return { ...settings, linkSecret: await readSecret(settings, linkSecretArn) };
};
