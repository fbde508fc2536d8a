import { describe, expect, it } from 'vitest';
import { hostName, isApex, userDomain } from '../../../handlers/business-automation/names.ts';

const OURS = 'domains.qr-saas.com';

describe('a domain', () => {
  it.each([
    ['go.example.com', 'go.example.com'],
    ['GO.Example.COM.', 'go.example.com'],
    ['Bücher.de', 'xn--bcher-kva.de'],
    ['shop.例え.jp', 'shop.xn--r8jz45g.jp'],
    ['me.github.io', 'me.github.io'],
  ])('%s is written %s', (text, name) => {
    expect(userDomain(text, OURS)).toBe(name);
  });

  it.each([
    ['localhost', 'it is not the name of a host'],
    ['192.0.2.1', 'it is not the name of a host'],
    ['127.1', 'it is not the name of a host'],
    ['[::1]', 'it is not the name of a host'],
    ['*.example.com', 'it is not the name of a host'],
    ['a_b.example.com', 'it is not the name of a host'],
    ['-a.example.com', 'it is not the name of a host'],
    ['a..example.com', 'it is not the name of a host'],
    ['example.com/path', 'it is not the name of a host'],
    ['https://example.com', 'it is not the name of a host'],
    ['example.com:8080', 'it is not the name of a host'],
    [`${'a'.repeat(64)}.com`, 'it is not the name of a host'],
    [`${'a'.repeat(60)}.com.`, undefined],
    [`${'a'.repeat(61)}.com`, 'it is longer than the 64 characters a certificate can hold'],
    ['printer.local', '.local is no public domain ending'],
    ['co.uk', 'everybody’s domains end in it'],
    ['github.io', 'everybody’s domains end in it'],
    ['www.qr-saas.com', 'it is ours'],
  ])('%s: %s', (text, why) => {
    if (why === undefined) expect(userDomain(text, OURS)).toHaveLength(64);
    else expect(() => userDomain(text, OURS)).toThrow(why);
  });

  it('that a registry hands out can have no CNAME', () => {
    expect(isApex('example.co.uk')).toBe(true);
    expect(isApex('go.example.co.uk')).toBe(false);
  });

  it('is not read from what is none', () => {
    expect(hostName('')).toBeUndefined();
    expect(hostName('xn--a')).toBeUndefined();
  });
});
