import { SESv2Client, SendEmailCommand, type SendEmailCommandInput } from '@aws-sdk/client-sesv2';
import type { Settings } from '../../../lib/settings.ts';
import { EMULATED } from '../../../lib/stores/objects.ts';
import type { Rendered } from '../templates/render.ts';
import { unsubscribeHeaders } from '../unsubscribe.ts';
import { PATIENCE } from './patience.ts';
import { providerError } from './provider-errors.ts';

/** An e-mail as it is to be sent. */
export interface Email {
  readonly to: string;
  readonly content: Rendered['email'];
  /** Undefined for messages that nobody can unsubscribe from. */
  readonly unsubscribeUrl: string | undefined;
}

/** Sends an e-mail; it throws PermanentError REFUSED or TransientError PROVIDER_UNAVAILABLE. */
export type SendEmail = (email: Email, signal: AbortSignal) => Promise<void>;

/** The request of an e-mail to SES (API v2, SendEmail). */
export const emailRequest = (sender: string, { to, content, unsubscribeUrl }: Email): SendEmailCommandInput => {
  const text = (Data: string) => ({ Data, Charset: 'UTF-8' });
  return {
    FromEmailAddress: sender,
    Destination: { ToAddresses: [to] },
    Content: {
      Simple: {
        Subject: text(content.subject),
        Body: { Text: text(content.text), Html: text(content.html) },
        ...(unsubscribeUrl === undefined ? {} : { Headers: [...unsubscribeHeaders(unsubscribeUrl)] }),
      },
    },
  };
};

/** E-mail by SES. */
export const openEmail = ({ emailSender, awsEndpoint }: Pick<Settings, 'emailSender' | 'awsEndpoint'>): SendEmail => {
  const client = new SESv2Client({
    ...(awsEndpoint === undefined ? {} : { ...EMULATED, endpoint: awsEndpoint }),
    ...PATIENCE,
  });
  return async (email, abortSignal) => {
    try {
      await client.send(new SendEmailCommand(emailRequest(emailSender, email)), { abortSignal });
    } catch (error) {
      abortSignal.throwIfAborted();
      throw providerError('SES', error);
    }
  };
};
