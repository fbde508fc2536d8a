import type { BackupSettings } from './backup.ts';
import type { ConnectPlace } from './connect.ts';

/** The brokers of an environment. Prices and limits: Amazon MSK Developer Guide, "Express brokers" and "Standard brokers". */
export type ClusterSize =
  | {
      /** Three zones, replication 3 and min.insync 2 fixed, storage without a limit. */
      readonly kind: 'express';
      /** E.g. `express.m7g.large`. */
      readonly instanceType: string;
      /** Brokers of all zones together, a multiple of three. */
      readonly brokers: number;
    }
  | {
      readonly kind: 'standard';
      /** E.g. `kafka.t3.small`. */
      readonly instanceType: string;
      readonly brokers: number;
      /** GiB of each broker's volume. */
      readonly volumeGib: number;
    };

/** What raises an alarm, beside the latency objective of each topic. */
export interface AlarmThresholds {
  /** Records a group may be behind, for a quarter of an hour. */
  readonly lag: number;
  /** Percent of invocations that may end in an error. */
  readonly errorRatePercent: number;
  /** Dead letters in five minutes. */
  readonly deadLetters: number;
  /** Percent of a broker's processor, of its disk. */
  readonly brokerPercent: number;
}

/** What an environment says of itself to users, and to whom it reports. */
export interface Product {
  /** What e-mails come from; the domain after the @ must be a verified identity of SES. */
  readonly emailSender: string;
  /** Base of the links in what users are told. */
  readonly appUrl: string;
  /** The name that the domains of users are to point to. */
  readonly domainTarget: string;
  /** User of the product who is told when dead letters gather. */
  readonly operatorUserId: string;
}

/** Where and for whom the updates API stands. */
export interface UpdatesPlace {
  /** Of ACM, in the region of the environment, for the name that pages call it by; that name is to point to the balancer. */
  readonly certificateArn: string;
  /** Origins (`https://app.example`) whose pages may read. */
  readonly origins: readonly string[];
  /** Servers at least, two or more so that one may go, and at most. */
  readonly servers: { readonly least: number; readonly most: number };
}

/** One deployment of the system. */
export interface Environment {
  readonly name: EnvironmentName;
  readonly cluster: ClusterSize;
  /** Limits of the cache, which scales by itself below them. */
  readonly cache: {
    /** GB of data. */
    readonly gigabytes: number;
    /** ElastiCache processing units a second. */
    readonly ecpuPerSecond: number;
    /** Days a daily snapshot is kept. */
    readonly snapshotDays: number;
  };
  /** NAT gateways for the functions that reach the internet; one a zone survives the loss of a zone. */
  readonly natGateways: 1 | 3;
  readonly logDays: number;
  /** Days the audit records cannot be deleted by anybody (S3 Object Lock, compliance mode where `lockMode` says so). */
  readonly audit: { readonly lockDays: number; readonly lockMode: 'GOVERNANCE' | 'COMPLIANCE' };
  readonly backup: BackupSettings;
  readonly alarms: AlarmThresholds;
  /** Who is told when an alarm is raised; AWS asks this address once whether it agrees (SNS, "Email notifications"). */
  readonly onCallEmail: string;
  /** Address of docs/runbook.md as the on-call reads it; each alarm adds the anchor of its section. */
  readonly runbook: string;
  /** Whether a deleted stack leaves keys and logs behind, beside the data, which always stay. */
  readonly isThrowaway: boolean;
  /** Whether CloudTrail keeps who read or wrote which object, who called which function, and who changed topics. */
  readonly dataTrail: boolean;
  readonly product: Product;
  /** No updates API where it is not given: it needs a certificate, which is made by hand. */
  readonly updates?: UpdatesPlace;
  /** No connectors where it is not given: they need a database and a search server that are there already. */
  readonly connect?: ConnectPlace;
}

export const ENVIRONMENT_NAMES = ['dev', 'staging', 'prod'] as const;

export type EnvironmentName = (typeof ENVIRONMENT_NAMES)[number];

const RUNBOOK = 'https://git.qr-saas.example/qr-streams/blob/main/docs/runbook.md';

export const ENVIRONMENTS = {
  dev: {
    name: 'dev',
    // 106 partitions, replicated three times: 106 on each broker, of the 300 a t3.small takes (MSK, "Right-size your cluster").
    cluster: { kind: 'standard', instanceType: 'kafka.t3.small', brokers: 3, volumeGib: 50 },
    cache: { gigabytes: 2, ecpuPerSecond: 5_000, snapshotDays: 1 },
    natGateways: 1,
    logDays: 7,
    audit: { lockDays: 1, lockMode: 'GOVERNANCE' },
    backup: { everyMinutes: 360, fullAfterDays: 3, keepDays: 3, withCache: true },
    alarms: { lag: 50_000, errorRatePercent: 10, deadLetters: 100, brokerPercent: 75 },
    onCallEmail: 'on-call+dev@qr-saas.example',
    runbook: RUNBOOK,
    isThrowaway: true,
    dataTrail: false,
    product: {
      emailSender: 'no-reply@dev.qr-saas.example',
      appUrl: 'https://app.dev.qr-saas.example',
      domainTarget: 'domains.dev.qr-saas.example',
      operatorUserId: 'operator',
    },
  },
  staging: {
    name: 'staging',
    cluster: { kind: 'express', instanceType: 'express.m7g.large', brokers: 3 },
    cache: { gigabytes: 10, ecpuPerSecond: 20_000, snapshotDays: 3 },
    natGateways: 1,
    logDays: 30,
    audit: { lockDays: 30, lockMode: 'GOVERNANCE' },
    backup: { everyMinutes: 120, fullAfterDays: 7, keepDays: 14, withCache: true },
    alarms: { lag: 20_000, errorRatePercent: 5, deadLetters: 50, brokerPercent: 60 },
    onCallEmail: 'on-call+staging@qr-saas.example',
    runbook: RUNBOOK,
    isThrowaway: false,
    dataTrail: true,
    product: {
      emailSender: 'no-reply@staging.qr-saas.example',
      appUrl: 'https://app.staging.qr-saas.example',
      domainTarget: 'domains.staging.qr-saas.example',
      operatorUserId: 'operator',
    },
  },
  prod: {
    name: 'prod',
    cluster: { kind: 'express', instanceType: 'express.m7g.large', brokers: 3 },
    cache: { gigabytes: 50, ecpuPerSecond: 100_000, snapshotDays: 35 },
    natGateways: 3,
    logDays: 90,
    audit: { lockDays: 365, lockMode: 'COMPLIANCE' },
    backup: { everyMinutes: 60, fullAfterDays: 7, keepDays: 35, withCache: true },
    alarms: { lag: 10_000, errorRatePercent: 1, deadLetters: 10, brokerPercent: 60 },
    onCallEmail: 'on-call@qr-saas.example',
    runbook: RUNBOOK,
    isThrowaway: false,
    dataTrail: true,
    product: {
      emailSender: 'no-reply@qr-saas.example',
      appUrl: 'https://app.qr-saas.example',
      domainTarget: 'domains.qr-saas.example',
      operatorUserId: 'operator',
    },
  },
} as const satisfies { readonly [Name in EnvironmentName]: Environment & { readonly name: Name } };

export const isEnvironmentName = (name: unknown): name is EnvironmentName =>
  ENVIRONMENT_NAMES.some((known) => known === name);

/** The environment of that name. */
export const environment = (name: EnvironmentName): Environment => ENVIRONMENTS[name];
