import { PublishCommand, type PublishCommandInput, SNSClient } from '@aws-sdk/client-sns';
import type { Settings } from '../../../lib/settings.ts';
import { EMULATED } from '../../../lib/stores/objects.ts';
import { PATIENCE } from './patience.ts';
import { providerError } from './provider-errors.ts';

/** An SMS as it is to be sent. */
export interface Sms {
  /** E.164. */
  readonly to: string;
  readonly text: string;
  /** Whether it matters more that it arrives than what it costs. */
  readonly isTransactional: boolean;
}

/** Sends an SMS; it throws PermanentError REFUSED or TransientError PROVIDER_UNAVAILABLE. */
export type SendSms = (sms: Sms, signal: AbortSignal) => Promise<void>;

/** The request of an SMS to SNS (Publish; attribute names: SNS Developer Guide, page sms_publish-to-phone). */
export const smsRequest = ({ to, text, isTransactional }: Sms): PublishCommandInput => ({
  PhoneNumber: to,
  Message: text,
  MessageAttributes: {
    'AWS.SNS.SMS.SMSType': { DataType: 'String', StringValue: isTransactional ? 'Transactional' : 'Promotional' },
  },
});

/** SMS by SNS. */
export const openSms = ({ awsEndpoint }: Pick<Settings, 'awsEndpoint'>): SendSms => {
  const client = new SNSClient({
    ...(awsEndpoint === undefined ? {} : { ...EMULATED, endpoint: awsEndpoint }),
    ...PATIENCE,
  });
  return async (sms, abortSignal) => {
    try {
      await client.send(new PublishCommand(smsRequest(sms)), { abortSignal });
    } catch (error) {
      abortSignal.throwIfAborted();
      throw providerError('SNS', error);
    }
  };
};
