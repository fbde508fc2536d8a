const whole = new Intl.NumberFormat('en-US');

export const number = (value: number): string => whole.format(value);

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'];

/** Bytes in words, three digits. */
export const bytes = (value: number | null): string => {
  if (value === null) return '–';
  const power = value < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log(value) / Math.log(1_024)));
  const scaled = value / 1_024 ** power;
  return `${power === 0 || scaled >= 100 ? Math.round(scaled) : scaled.toFixed(1)} ${UNITS[power]}`;
};

const STEPS: readonly (readonly [ms: number, unit: string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
];

/** Milliseconds in the largest unit that suits them. */
export const duration = (ms: number): string => {
  if (ms < 0) return 'for ever';
  const [step, unit] = STEPS.find(([each]) => ms >= each) ?? [1, 'ms'];
  const value = ms / step;
  return `${Number.isInteger(value) || value >= 100 ? Math.round(value) : value.toFixed(1)} ${unit}`;
};

/** Things a second. */
export const rate = (value: number): string =>
  value === 0 ? '0/s' : value < 10 ? `${value.toFixed(value < 1 ? 2 : 1)}/s` : `${number(Math.round(value))}/s`;

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', { day: '2-digit', month: 'short' });

/** A moment in the reader's own time; with the day unless it is today. */
export const moment = (iso: string): string => {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  const isToday = date.toDateString() === new Date().toDateString();
  return isToday ? clock.format(date) : `${day.format(date)} ${clock.format(date)}`;
};

export const counted = (count: number, thing: string): string => `${number(count)} ${thing}${count === 1 ? '' : 's'}`;

// C0 and C1 controls, and the marks that reorder text (Unicode TR 36, 2.7).
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** A name that others have chosen, with what a page would not show in sight. */
export const visible = (name: string): string =>
  name.replaceAll(UNSEEN, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`);
