/** Browsers and scanners refuse longer ones. */
const URL_LENGTH = 2_048;

/** What {@link webUrl} wants, for the sentence that refuses something else. */
export const WEB_URL = `an http or https URL of at most ${URL_LENGTH} characters, without a user name`;

/**
 * A URL that a scan may be sent to, as browsers write it.
 *
 * @returns undefined for everything that is not {@link WEB_URL}
 */
export const webUrl = (text: string): string | undefined => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:';
  if (url === undefined || !isWeb || url.username !== '' || url.password !== '' || text.length > URL_LENGTH) {
    return undefined;
  }
  return url.href;
};
