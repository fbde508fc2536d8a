import type { ConnectorFile } from './files.ts';
import type { ConnectorConfig } from './worker.ts';

/** What applying a configuration would do. Fields are named only: their values may be secret. */
export interface Planned {
  readonly name: string;
  readonly change: 'create' | 'update' | 'none';
  /** Fields that come, go or get another value. */
  readonly fields: readonly string[];
}

/** Compares a file with what Connect runs under its name. Connect adds `name` by itself. */
export const planned = ({ name, config }: ConnectorFile, running: ConnectorConfig | undefined): Planned => {
  if (running === undefined) return { name, change: 'create', fields: Object.keys(config).sort() };
  const wanted: ConnectorConfig = { ...config, name };
  const fields = [...new Set([...Object.keys(wanted), ...Object.keys(running)])]
    .filter((field) => wanted[field] !== running[field])
    .sort();
  return { name, change: fields.length === 0 ? 'none' : 'update', fields };
};
