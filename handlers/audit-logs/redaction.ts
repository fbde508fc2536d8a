/** Members whose value nobody may read later, by the words in their name. */
const SECRET_NAME =
  /pass(word|wd|phrase|code)|secret|token|authori[sz]ation|cookie|credential|api[-_]?key|private[-_]?key|card[-_]?number|cvc|cvv|^pan$|^iban$/i;

/** Secrets that give themselves away inside a text. */
const SECRET_TEXT = /\b(?:Bearer|Basic)\s+[\w.~+/=-]{8,}|\beyJ[\w-]+\.[\w-]+\.[\w-]*/g;

/** What may be a card number: 13 to 19 digits, perhaps grouped. */
const DIGITS = /(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)/g;

export const REDACTED = '[redacted]';

/** Whether the digits end with the check digit of card numbers (ISO/IEC 7812-1, annex B: Luhn). */
const isCardNumber = (text: string): boolean => {
  const digits = [...text.replace(/\D/g, '')].reverse().map(Number);
  const sum = digits.reduce((total, digit, i) => {
    const weighed = i % 2 === 0 ? digit : digit * 2;
    return total + (weighed > 9 ? weighed - 9 : weighed);
  }, 0);
  return sum % 10 === 0;
};

const redactedText = (text: string): string =>
  text.replace(SECRET_TEXT, REDACTED).replace(DIGITS, (digits) => (isCardNumber(digits) ? REDACTED : digits));

const redacted = (value: unknown): unknown => {
  if (typeof value === 'string') return redactedText(value);
  if (typeof value === 'number')
    return DIGITS_ONLY.test(String(value)) && isCardNumber(String(value)) ? REDACTED : value;
  if (Array.isArray(value)) return value.map(redacted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      SECRET_NAME.test(name) && member !== null ? REDACTED : redacted(member),
    ]),
  );
};

const DIGITS_ONLY = /^\d{13,19}$/;

/**
 * The state of a resource without its secrets.
 *
 * @param json JSON, as the event has it; what is no JSON is kept as a text
 */
export const withoutSecrets = (json: string | null): unknown => {
  if (json === null) return null;
  try {
    return redacted(JSON.parse(json));
  } catch {
    return redactedText(json);
  }
};
