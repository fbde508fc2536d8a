/** One connector, and its workers (MSK Developer Guide, "Understand connector capacity"). */
export interface ConnectorSettings {
  /** Units of a worker: a processor and 4 GiB of memory each. */
  readonly mcus: 1 | 2 | 4 | 8;
  /** Workers at least and at most: as many as the processor asks for. A source that reads one slot has one. */
  readonly workers: { readonly least: number; readonly most: number };
  /**
   * Takes the connector away and leaves everything around it: the first half of a change that MSK Connect cannot make in place.
   * Sinks go on where their group is, the outbox where its slot is.
   */
  readonly isAway?: boolean;
}

/** A PostgreSQL of RDS that is there already, reachable from the VPC. */
export interface ConnectDatabase {
  readonly host: string;
  readonly port: number;
  /** Of the database on it. */
  readonly name: string;
  /** DBInstanceIdentifier, by which its metrics are found. */
  readonly instance: string;
  /** In Secrets Manager: a JSON object with `username` and `password`, of a user of its own that is not rotated. */
  readonly secretArn: string;
  /** Whom it lets in is decided by this group. */
  readonly securityGroupId: string;
}

/** An OpenSearch or Elasticsearch that is there already. */
export interface ConnectSearch {
  /** `https://host[:port]`. */
  readonly url: string;
  /** A JSON object with `username` and `password`. */
  readonly secretArn: string;
  /** Of one in a VPC. One on the internet is reached through NAT, and has none. */
  readonly securityGroupId?: string;
}

/** Which connectors run on MSK Connect, and what they connect. */
export interface ConnectPlace {
  /** By the name of the file under connect/, without `.json`. */
  readonly connectors: Readonly<Record<string, ConnectorSettings>>;
  /** Needed by `outbox`, `rollups` and `ledger`. */
  readonly database?: ConnectDatabase;
  /** Needed by `search`. */
  readonly search?: ConnectSearch;
  /** Another value, e.g. the day, makes the connectors read their secrets again: they do so only when they start. */
  readonly secretsOf?: string;
}
