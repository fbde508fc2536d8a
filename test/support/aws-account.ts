import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

/** What the account of a test has. */
export interface Account {
  /** Of the Parameter Store, by name. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Bootstrap brokers for IAM, by the ARN of their cluster. */
  readonly brokers: Readonly<Record<string, string>>;
  /** The error SSM answers with instead, e.g. `AccessDeniedException`. */
  readonly refuses?: string;
}

/**
 * The Parameter Store and MSK on loopback, in the words of the API references of Systems Manager (GetParameters) and MSK
 * (GetBootstrapBrokers): the emulator of the stack knows no clusters.
 */
export const awsAccount = async ({ parameters, brokers, refuses }: Account) => {
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const say = (status: number, answer: object): void => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(answer));
    };
    const [, cluster] = /^\/v1\/clusters\/(.+)\/bootstrap-brokers$/.exec(request.url ?? '') ?? [];
    if (cluster !== undefined) {
      say(200, { bootstrapBrokerStringSaslIam: brokers[decodeURIComponent(cluster)] });
    } else if (refuses !== undefined) {
      say(400, { __type: refuses, message: 'User is not authorized to perform: ssm:GetParameters' });
    } else {
      const { Names }: { Names: string[] } = JSON.parse(body);
      const known = Names.filter((name) => parameters[name] !== undefined);
      say(200, {
        Parameters: known.map((Name) => ({ Name, Type: 'String', Value: parameters[Name], Version: 1 })),
        InvalidParameters: Names.filter((name) => !known.includes(name)),
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('a server without a port');
  const url = `http://127.0.0.1:${address.port}`;
  return {
    /** The variables by which the SDK finds it. */
    env: {
      AWS_ENDPOINT_URL_SSM: url,
      AWS_ENDPOINT_URL_KAFKA: url,
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};
