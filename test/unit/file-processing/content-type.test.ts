import { expect, it } from 'vitest';
import { type ContentType, contentTypeOf } from '../../../handlers/file-processing/content-type.ts';
import { isInFolder, uploadsFolder } from '../../../lib/stores/user-files.ts';

const CASES: readonly (readonly [type: ContentType, head: string | Buffer])[] = [
  ['image/png', Buffer.from('\x89PNG\r\n\x1a\n\0\0', 'latin1')],
  ['image/jpeg', Buffer.from('\xff\xd8\xff\xe0', 'latin1')],
  ['image/webp', 'RIFF\x10\0\0\0WEBPVP8 '],
  ['image/gif', 'GIF89a'],
  ['image/heic', '\0\0\0\x18ftypheic'],
  ['application/pdf', '%PDF-1.4\n'],
  ['application/zip', 'PK\x03\x04\x14\0'],
  ['application/x-ole-storage', Buffer.from('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', 'latin1')],
  ['application/x-executable', 'MZ\x90\0'],
  ['image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg">'],
  ['image/svg+xml', '\ufeff<?xml version="1.0"?>\n<!-- <html> -->\n<!DOCTYPE svg [<!ENTITY a "b">]>\n<svg:svg>'],
  ['text/html', '<!DOCTYPE html><html><svg>'],
  ['text/html', '  <html>'],
  ['text/plain', 'id,data\n1,<svg>\n'],
  ['text/plain', Buffer.from('id,data\n1,caf\xe9\n', 'latin1')],
  ['text/plain', Buffer.from('\ufeffid,data\n', 'utf16le')],
  ['application/octet-stream', Buffer.from([0, 1, 2, 3, 0, 0, 9])],
];

it('a type is told by content', () => {
  for (const [type, head] of CASES) expect(contentTypeOf(Buffer.from(head))).toBe(type);
});

it("a key is in a user's folder only when it names something there and cannot leave it", () => {
  const folder = uploadsFolder('user-7');
  expect(folder).toBe('uploads/user-7/');
  expect(uploadsFolder('../a/b')).toBe('uploads/%2E%2E%2Fa%2Fb/');
  expect(isInFolder('uploads/user-7/2026/a.csv', folder)).toBe(true);
  for (const key of [folder, 'uploads/user-77/a', 'uploads/user-7/../user-8/a', 'x/uploads/user-7/a']) {
    expect(isInFolder(key, folder)).toBe(false);
  }
});
