import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

/** A certificate of the server, in the words of the ACM API Reference (CertificateDetail). */
export interface ServedCertificate {
  readonly CertificateArn: string;
  readonly DomainName: string;
  Status: string;
  FailureReason?: string;
  /** Seconds since 1970. */
  NotAfter?: number;
  DomainValidationOptions: readonly object[];
}

/**
 * ACM's protocol on loopback, for what the emulator of the stack cannot be made to do: it issues every certificate at once,
 * refuses nothing and knows no idempotency tokens.
 */
export interface AcmServer {
  readonly url: string;
  /** In the order of their requests. */
  readonly certificates: ServedCertificate[];
  /** Answers the next `times` requests for an action with an error. */
  fail(action: string, error: string, times: number): void;
  close(): void;
}

interface Input {
  readonly DomainName?: string;
  readonly IdempotencyToken?: string;
  readonly CertificateArn?: string;
}

/** Starts one on a free port. */
export const startAcmServer = async (): Promise<AcmServer> => {
  const certificates: ServedCertificate[] = [];
  const tokens = new Map<string, string>();
  const failures: { readonly action: string; readonly error: string }[] = [];
  const missing = { __type: 'ResourceNotFoundException', message: 'There is no such certificate' };

  const requested = ({ DomainName = '', IdempotencyToken = randomUUID() }: Input): object => {
    const known = tokens.get(IdempotencyToken);
    if (known !== undefined) return { CertificateArn: known };
    const CertificateArn = `arn:aws:acm:us-east-1:000000000000:certificate/${randomUUID()}`;
    tokens.set(IdempotencyToken, CertificateArn);
    const ResourceRecord = { Name: `_1.${DomainName}.`, Type: 'CNAME', Value: '_2.acm-validations.aws.' };
    certificates.push({
      CertificateArn,
      DomainName,
      Status: 'PENDING_VALIDATION',
      DomainValidationOptions: [{ DomainName, ResourceRecord }],
    });
    return { CertificateArn };
  };
  const answerTo = (action: string, input: Input): object => {
    const failure = failures.findIndex((one) => one.action === action);
    const [failed] = failure < 0 ? [] : failures.splice(failure, 1);
    if (failed !== undefined) return { __type: failed.error, message: `${failed.error} for the test` };
    if (action === 'RequestCertificate') return requested(input);
    const place = certificates.findIndex(({ CertificateArn }) => CertificateArn === input.CertificateArn);
    const certificate = certificates[place];
    if (certificate === undefined) return missing;
    if (action === 'DescribeCertificate') return { Certificate: certificate };
    certificates.splice(place, 1);
    return {};
  };

  const server = createServer(async (request, response) => {
    const action = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
    const input: Input = JSON.parse(await text(request));
    const body = answerTo(action, input);
    response.writeHead('__type' in body ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    certificates,
    fail: (action, error, times) => {
      for (let i = 0; i < times; i += 1) failures.push({ action, error });
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};
