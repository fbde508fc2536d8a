import { PermanentError } from '../../lib/errors.ts';
import { timeOf } from '../../lib/events/index.ts';
import { WEB_URL, webUrl } from '../../lib/web-url.ts';

/** Folder of the landing pages of a content. */
export const pageFolder = (contentId: string): string => `pages/${encodeURIComponent(contentId)}/`;

/** Object of a landing page; each version has its own, so that writing it again changes nothing. */
export const pageKeyOf = ({ contentId, version }: { readonly contentId: string; readonly version: number }): string =>
  `${pageFolder(contentId)}${version}.html`;

/** What says where a published content is to be found. */
export interface Publishable {
  readonly contentId: string;
  readonly version: number;
  readonly destination: string | null;
  readonly page: string | null;
}

/**
 * Where the code of a published content leads: its URL, else its landing page.
 *
 * @throws PermanentError INVALID_EVENT when there is neither, or the URL is none that a browser may be sent to
 */
export const destinationOf = (content: Publishable): string => {
  const { contentId, destination, page } = content;
  if (destination !== null) return checkedUrl(contentId, destination);
  if (page !== null) return `page:${pageKeyOf(content)}`;
  throw new PermanentError('INVALID_EVENT', `Content ${contentId} has neither a destination nor a landing page.`);
};

const checkedUrl = (contentId: string, text: string): string => {
  const url = webUrl(text);
  if (url === undefined) {
    throw new PermanentError('INVALID_EVENT', `The destination of content ${contentId} must be ${WEB_URL}.`);
  }
  return url;
};

/**
 * When a content is to be published, ISO 8601, UTC.
 *
 * @throws PermanentError INVALID_EVENT when it is no time
 */
export const publishTime = (publishAt: string): string => new Date(timeOf('publishAt', publishAt)).toISOString();
