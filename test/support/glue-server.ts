import { once } from 'node:events';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import type { Answers } from './glue-client.ts';

/**
 * A Glue on loopback that answers by a table, as its JSON protocol has it, to whatever process is sent to it by
 * AWS_ENDPOINT_URL_GLUE. The emulator of the stack has no schema registry.
 */
export const glueServer = async (answers: () => Answers) => {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const operation = String(request.headers['x-amz-target']).replace('AWSGlue.', '');
    asked.push(operation);
    const body: unknown = await json(request);
    const answer = answers()[operation]?.(Object.fromEntries(Object.entries(body ?? {}))) ?? 'InternalServiceException';
    const isError = typeof answer === 'string';
    response
      .writeHead(isError ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' })
      .end(JSON.stringify(isError ? { __type: answer, Message: answer } : answer));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('a server without a port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    /** Operations, in the order they were asked for. */
    asked,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};
