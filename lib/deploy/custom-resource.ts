import type { CloudFormationCustomResourceEvent, CloudFormationCustomResourceResponse } from 'aws-lambda';
import { messageOf, StreamError } from '../errors.ts';

/** An answer may have 4,096 bytes, with its ids: enough is left for these. */
const REASON_CHARACTERS = 1_000;

/** How long CloudFormation's bucket may take. */
const ANSWER_MS = 30_000;

/**
 * A handler that does something while CloudFormation deploys, and tells it how that went, by a PUT to the address it gave.
 * What `work` throws fails the deployment, with its message and next step as the reason. When a stack is deleted nothing is
 * done. An answer that does not get through is thrown: Lambda then calls again, twice at most, so `work` may run again.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
 *
 * @param work what is to be done when the resource is made or changed; gets its properties
 */
export const customResource =
  (work: (properties: Readonly<Record<string, unknown>>) => Promise<void>) =>
  async (event: CloudFormationCustomResourceEvent): Promise<void> => {
    const { StackId, RequestId, LogicalResourceId, RequestType, ResourceProperties } = event;
    const common = {
      StackId,
      RequestId,
      LogicalResourceId,
      // Another id would mean another resource, and CloudFormation would delete the one before.
      PhysicalResourceId: RequestType === 'Create' ? LogicalResourceId : event.PhysicalResourceId,
    };
    try {
      if (RequestType !== 'Delete') await work(ResourceProperties);
    } catch (error) {
      console.error(error);
      return answer(event.ResponseURL, { ...common, Status: 'FAILED', Reason: reasonOf(error) });
    }
    await answer(event.ResponseURL, { ...common, Status: 'SUCCESS' });
  };

const reasonOf = (error: unknown): string => {
  const next = error instanceof StreamError && error.next !== undefined ? ` ${error.next}.` : '';
  return (messageOf(error) + next).slice(0, REASON_CHARACTERS);
};

const answer = async (url: string, response: CloudFormationCustomResourceResponse): Promise<void> => {
  const { ok, status } = await fetch(url, {
    method: 'PUT',
    // The address is signed for no content type; of bytes fetch names none.
    body: new TextEncoder().encode(JSON.stringify(response)),
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  if (!ok) throw new StreamError('SERVICE_FAILED', `CloudFormation does not take the answer: HTTP ${status}.`);
};
