import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inspect } from '../../../handlers/business-automation/inspection.ts';
import { openLookups } from '../../../handlers/business-automation/lookups.ts';
import { type DnsServer, startDnsServer } from '../../support/dns-server.ts';

let server: DnsServer;
beforeAll(async () => {
  server = await startDnsServer();
});
afterAll(() => server.close());

const TARGET = 'domains.qr-saas.com';
const TOKEN = `qr-verification=${'0'.repeat(32)}`;

const look = (domain: string, timeoutMs = 5_000) =>
  inspect({ domain, target: TARGET, token: TOKEN }, openLookups([server.address], { timeoutMs, tries: 1 }));

describe('a look at the records of a domain', () => {
  it('finds them by their CNAME and TXT, also among others and in pieces', async () => {
    server.set('a.example.com', 'CNAME', 'Domains.QR-SaaS.com');
    server.set('_qr-challenge.a.example.com', 'TXT', 'something else', TOKEN);
    expect(await look('a.example.com')).toEqual({ result: 'complete' });
  });

  it('takes the addresses of the target for a CNAME, but no others', async () => {
    server.set(TARGET, 'A', '192.0.2.1', '192.0.2.2');
    server.set('_qr-challenge.example.com', 'TXT', TOKEN);
    server.set('example.com', 'A', '192.0.2.2');
    expect(await look('example.com')).toEqual({ result: 'complete' });
    server.set('example.com', 'A', '192.0.2.2', '198.51.100.1');
    expect(await look('example.com')).toMatchObject({
      result: 'incomplete',
      missing: [{ record: { type: 'ALIAS' }, found: ['192.0.2.2', '198.51.100.1'] }],
    });
  });

  it('says of a name that does not exist what is missing, and what is there instead', async () => {
    expect(await look('none.example.com')).toMatchObject({
      missing: [
        { record: { type: 'CNAME' }, found: [] },
        { record: { type: 'TXT' }, found: [] },
      ],
    });
    server.set('other.example.com', 'CNAME', 'shop.example.net');
    server.set('_qr-challenge.other.example.com', 'TXT', 'old');
    expect(await look('other.example.com')).toMatchObject({
      missing: [{ found: ['shop.example.net'] }, { found: ['old'] }],
    });
  });

  it.each(['SERVFAIL', 'silent'] as const)('decides nothing when a server is %s', async (kind) => {
    server.set('b.example.com', 'CNAME', TARGET);
    server.trouble('_qr-challenge.b.example.com', kind);
    expect(await look('b.example.com', 50)).toEqual({ result: 'unanswered' });
    server.trouble('_qr-challenge.b.example.com', undefined);
    expect(await look('b.example.com')).toMatchObject({ result: 'incomplete' });
  });
});
