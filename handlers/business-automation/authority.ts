import {
  ACMClient,
  ACMServiceException,
  DeleteCertificateCommand,
  DescribeCertificateCommand,
  RequestCertificateCommand,
} from '@aws-sdk/client-acm';
import { messageOf, PermanentError, TransientError } from '../../lib/errors.ts';
import type { Settings } from '../../lib/settings.ts';
import { EMULATED } from '../../lib/stores/objects.ts';
import type { DnsRecord } from './records.ts';

/** A certificate as its authority has it. */
export interface Certificate {
  /** ACM's status, e.g. `PENDING_VALIDATION`. */
  readonly status: string;
  /** Why it failed, in ACM's words; undefined when it gives none. */
  readonly reason: string | undefined;
  /** By which the authority sees whose domain it is; empty when it has not said yet. */
  readonly records: readonly DnsRecord[];
  /** Milliseconds since 1970. */
  readonly expiresAt: number | undefined;
}

/**
 * Who issues certificates. Methods throw a TransientError (CERTIFICATE_AUTHORITY_UNAVAILABLE) when it cannot be reached,
 * throttles or fails, and a PermanentError (RULE_VIOLATED) when it refuses what was asked.
 */
export interface Authority {
  /**
   * Asks for a certificate.
   *
   * @param token the same token within an hour is the same certificate
   * @returns its ARN
   */
  request(domain: string, token: string): Promise<string>;
  /** Undefined when there is no such certificate. */
  describe(arn: string): Promise<Certificate | undefined>;
  /** @returns false when it is in use, and stays */
  delete(arn: string): Promise<boolean>;
  /** Ends the connections. */
  close(): void;
}

/** Answers of ACM that the same request meets again; a limit, too, is not raised while a record waits (ACM API Reference). */
const REFUSALS: ReadonlySet<string> = new Set([
  'InvalidArgsException',
  'InvalidArnException',
  'InvalidDomainValidationOptionsException',
  'InvalidParameterException',
  'InvalidStateException',
  'InvalidTagException',
  'LimitExceededException',
  'ServiceQuotaExceededException',
  'TagPolicyException',
  'TooManyTagsException',
  'ValidationException',
]);

const isNamed = (error: unknown, name: string): boolean => error instanceof ACMServiceException && error.name === name;

/** @param settings where `awsEndpoint` is set, an emulator is spoken to */
export const openAuthority = (settings: Pick<Settings, 'awsEndpoint'>): Authority => {
  const { region, credentials } = EMULATED;
  const client = new ACMClient({
    ...(settings.awsEndpoint === undefined ? {} : { region, credentials, endpoint: settings.awsEndpoint }),
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 2_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
  });
  return {
    request: (domain, token) =>
      guarded(async () => {
        const { CertificateArn } = await client.send(
          new RequestCertificateCommand({ DomainName: domain, ValidationMethod: 'DNS', IdempotencyToken: token }),
        );
        if (CertificateArn === undefined) throw new Error('it gave no ARN');
        return CertificateArn;
      }),
    describe: (arn) =>
      guarded(async () => {
        try {
          const { Certificate: found } = await client.send(new DescribeCertificateCommand({ CertificateArn: arn }));
          const records = found?.DomainValidationOptions?.flatMap(({ ResourceRecord: record }): DnsRecord[] =>
            record?.Name === undefined || record.Value === undefined
              ? []
              : [{ type: 'CNAME', name: record.Name, value: record.Value }],
          );
          return {
            status: found?.Status ?? 'PENDING_VALIDATION',
            reason: found?.FailureReason,
            records: records ?? [],
            expiresAt: found?.NotAfter?.getTime(),
          };
        } catch (error) {
          if (isNamed(error, 'ResourceNotFoundException')) return undefined;
          throw error;
        }
      }),
    delete: (arn) =>
      guarded(async () => {
        try {
          await client.send(new DeleteCertificateCommand({ CertificateArn: arn }));
          return true;
        } catch (error) {
          if (isNamed(error, 'ResourceNotFoundException')) return true;
          if (isNamed(error, 'ResourceInUseException')) return false;
          throw error;
        }
      }),
    close: () => client.destroy(),
  };
};

const guarded = async <Value>(work: () => Promise<Value>): Promise<Value> => {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ACMServiceException && REFUSALS.has(error.name)) {
      throw new PermanentError('RULE_VIOLATED', `The certificate authority refuses: ${error.message}`, {
        cause: error,
      });
    }
    throw new TransientError(
      'CERTIFICATE_AUTHORITY_UNAVAILABLE',
      `The certificate authority does not answer (${messageOf(error)})`,
      { next: 'Check that the function may reach AWS Certificate Manager, and its rights', cause: error },
    );
  }
};
