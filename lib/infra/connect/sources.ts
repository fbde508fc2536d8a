/** A file `connect/NAME.json`, as Kafka Connect takes it on a laptop (lib/operations/connectors/files.ts reads them). */
export interface ConnectorFile {
  readonly name: string;
  readonly config: Readonly<Record<string, string>>;
}

/** What MSK Connect is given beside what the environment says. */
export interface ConnectSources {
  readonly files: readonly ConnectorFile[];
  /** Where the archive of the plugin lies; asked only where an environment has connectors. */
  readonly plugin: () => string;
}
