import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { arnHere } from '../constructs/deployed-values.ts';
import type { Call } from './table.ts';

const certificates = () => arnHere('acm', 'certificate/*');

/** What each call needs. */
export const callStatements: Readonly<Record<Call, (sender: { readonly emailSender: string }) => PolicyStatement>> = {
  'send-email': ({ emailSender }) =>
    new PolicyStatement({
      actions: ['ses:SendEmail'],
      // Either may be the identity that SES knows as verified.
      resources: [
        arnHere('ses', `identity/${emailSender.slice(emailSender.indexOf('@') + 1)}`),
        arnHere('ses', `identity/${emailSender}`),
      ],
    }),
  // A telephone number has no ARN: everything that is no topic (SNS Developer Guide, "Publishing to a mobile phone").
  'send-sms': () => new PolicyStatement({ actions: ['sns:Publish'], notResources: [arnHere('sns', '*')] }),
  // What does not exist yet has no ARN either.
  'request-certificate': () =>
    new PolicyStatement({
      actions: ['acm:RequestCertificate'],
      resources: ['*'],
      conditions: { StringEquals: { 'acm:ValidationMethod': 'DNS' } },
    }),
  'describe-certificate': () =>
    new PolicyStatement({ actions: ['acm:DescribeCertificate'], resources: [certificates()] }),
  'delete-certificate': () => new PolicyStatement({ actions: ['acm:DeleteCertificate'], resources: [certificates()] }),
};
