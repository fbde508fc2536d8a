import { describe, expect, it } from 'vitest';
import { destinationOf, publishTime } from '../../../handlers/content-publishing/destination.ts';
import { type ContentState, isAllowed, TRANSITIONS } from '../../../handlers/content-publishing/states.ts';

const content = { contentId: 'c 1', version: 3, destination: null, page: null };

describe('the states of a content', () => {
  it('begin with its submission and end in the archive', () => {
    for (const type of ['content.approved', 'content.published', 'content.archived'] as const) {
      expect(isAllowed(type, undefined)).toBe(false);
    }
    expect(isAllowed('content.submitted', undefined)).toBe(true);
    for (const { from } of Object.values(TRANSITIONS)) expect(from).not.toContain('archived');
  });

  it.each<[ContentState, boolean]>([
    ['submitted', false],
    ['rejected', false],
    ['approved', true],
    ['scheduled', true],
    ['unpublished', true],
  ])('let %s content be published: %s', (state, allowed) => {
    expect(isAllowed('content.published', state)).toBe(allowed);
  });
});

describe('the destination of a content', () => {
  it('is its URL, else its landing page', () => {
    const url = 'https://example.com/a?b=c';
    expect(destinationOf({ ...content, destination: url, page: '<p>' })).toBe(url);
    expect(destinationOf({ ...content, page: '<p>' })).toBe('page:pages/c%201/3.html');
  });

  it.each([
    'javascript:alert(1)',
    'data:text/html,x',
    '//example.com',
    'example',
    'https://me:secret@example.com/',
    `https://example.com/${'a'.repeat(2_048)}`,
  ])('is not %s', (destination) => {
    expect(() => destinationOf({ ...content, destination })).toThrow(/http or https URL/);
  });

  it('must be there', () => {
    expect(() => destinationOf(content)).toThrow('Content c 1 has neither a destination nor a landing page.');
  });
});

describe('the time of publishing', () => {
  it('is UTC, whatever zone it was written in', () => {
    expect(publishTime('2026-12-01T09:00:00+01:00')).toBe('2026-12-01T08:00:00.000Z');
    expect(() => publishTime('soon')).toThrow('publishAt must be a time in ISO 8601, not "soon".');
  });
});
