/** Longest address that mail can be sent to (RFC 5321, section 4.5.3.1.3, less the brackets). */
const LONGEST = 254;

const ADDRESS = /^[^\s@<>"(),:;[\]\\]+@[^\s@<>"(),:;[\]\\]+\.[^\s@<>"(),:;[\]\\.]+$/;

/**
 * An e-mail address in the form in which addresses are kept and compared: without spaces around it, in lower case.
 *
 * @returns undefined for what can be none
 */
export const emailAddress = (text: string): string | undefined => {
  const address = text.trim().toLowerCase();
  return address.length <= LONGEST && ADDRESS.test(address) ? address : undefined;
};
