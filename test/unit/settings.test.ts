import { describe, expect, it } from 'vitest';
import { environmentOf, settingsFrom } from '../../lib/settings.ts';

describe('settings', () => {
  it('come out of the variables they were written to as they were, so that a process started with them finds the same', () => {
    const settings = settingsFrom({
      KAFKA_BROKERS: 'a:1, b:2',
      AWS_ENDPOINT_URL: 'http://aws.test',
      QR_EMAIL_SENDER: 'hello@qr.test',
      QR_LINK_SECRET: 'secret',
      QR_WEBHOOK_ALLOWED: '127.0.0.1:8080, receiver.test',
    });
    expect(settings).toMatchObject({
      brokers: ['a:1', 'b:2'],
      emailSender: 'hello@qr.test',
      webhookAllowed: ['127.0.0.1:8080', 'receiver.test'],
    });
    expect(settingsFrom(environmentOf(settings))).toEqual(settings);
  });

  it('allow no private webhook and have no key for links unless somebody says so', () => {
    const settings = settingsFrom({});
    expect(settings).toMatchObject({ webhookAllowed: [], linkSecret: undefined, awsEndpoint: undefined });
    expect(settingsFrom(environmentOf(settings))).toEqual(settings);
  });
});
