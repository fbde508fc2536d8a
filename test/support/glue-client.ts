import { Readable } from 'node:stream';
import { GlueClient } from '@aws-sdk/client-glue';

/** What Glue answers to each operation; a string is the name of an error. */
export type Answers = Readonly<Record<string, (body: Record<string, unknown>) => unknown>>;

/** A client whose service answers by the table, as Glue's JSON protocol has it; what the table lacks fails. */
export const clientOf = (answers: Answers) => {
  const asked: string[] = [];
  const client = new GlueClient({
    region: 'eu-central-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
    requestHandler: {
      handle: async ({ headers, body }: { headers: Record<string, string>; body: Uint8Array }) => {
        const operation = (headers['x-amz-target'] ?? '').replace('AWSGlue.', '');
        asked.push(operation);
        const answer = answers[operation]?.(JSON.parse(new TextDecoder().decode(body))) ?? 'InternalServiceException';
        const isError = typeof answer === 'string';
        const text = JSON.stringify(isError ? { __type: answer, Message: answer } : answer);
        return {
          response: {
            statusCode: isError ? 400 : 200,
            headers: { 'content-type': 'application/x-amz-json-1.1' },
            body: Readable.from([Buffer.from(text)]),
          },
        };
      },
    },
  });
  return { client, asked };
};
