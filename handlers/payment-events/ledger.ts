import type { Money } from './money.ts';

/**
 * The accounts of a customer. Double entry on a cash basis: an entry is made where money has moved, so what is owed and never
 * paid appears nowhere, and the order of events cannot matter.
 *
 * - `cash`: held for us by the payment provider; a payment debits it, a refund credits it
 * - `revenue`: credited by payments
 * - `refunds`: debited by refunds; revenue less refunds is what was earned
 */
export const ACCOUNTS = ['cash', 'revenue', 'refunds'] as const;

export type Account = (typeof ACCOUNTS)[number];

/** A movement of money, as the provider reports it. */
export interface Booking extends Money {
  readonly kind: 'payment' | 'refund';
  /** What makes it one booking, however often it is reported. */
  readonly providerEventId: string;
  readonly paymentId: string;
  readonly refundId: string | null;
  /** When the provider made the event, ISO 8601, UTC. */
  readonly at: string;
}

/** Part of an entry: minor units as a decimal text, debits positive, credits negative. */
export interface Line {
  readonly account: Account;
  readonly amount: string;
}

/** A booking in its place in the ledger. */
export interface Entry extends Booking {
  /** From 1, without gaps. */
  readonly seq: number;
  /** The event because of which it was booked. */
  readonly eventId: string;
  /** Their sum is zero. */
  readonly lines: readonly Line[];
  /** All accounts in the entry's currency, after it. */
  readonly balances: Readonly<Record<Account, string>>;
}

/** Where a ledger stands. Balances are whole numbers of any size. */
export interface Ledger {
  readonly entries: number;
  /** By {@link balanceName}. */
  readonly balances: ReadonlyMap<string, bigint>;
}

export const EMPTY_LEDGER: Ledger = { entries: 0, balances: new Map() };

export const balanceName = (currency: string, account: Account): string => `${currency}/${account}`;

/** Which account is debited and which is credited. */
export const SIDES: Readonly<Record<Booking['kind'], { readonly debit: Account; readonly credit: Account }>> = {
  payment: { debit: 'cash', credit: 'revenue' },
  refund: { debit: 'refunds', credit: 'cash' },
};

export const linesOf = ({ kind, amount }: Pick<Booking, 'kind' | 'amount'>): readonly Line[] => [
  { account: SIDES[kind].debit, amount: String(amount) },
  { account: SIDES[kind].credit, amount: String(-amount) },
];

/** Books: the entry, and where the ledger stands after it. */
export const posted = (
  { entries, balances }: Ledger,
  booking: Booking,
  eventId: string,
): { readonly entry: Entry; readonly ledger: Ledger } => {
  const after = new Map(balances);
  const lines = linesOf(booking);
  for (const { account, amount } of lines) {
    const name = balanceName(booking.currency, account);
    after.set(name, (after.get(name) ?? 0n) + BigInt(amount));
  }
  const seq = entries + 1;
  const entry: Entry = { seq, ...booking, eventId, lines, balances: balancesIn(after, booking.currency) };
  return { entry, ledger: { entries: seq, balances: after } };
};

/** All accounts in a currency. */
export const balancesIn = (balances: ReadonlyMap<string, bigint>, currency: string): Entry['balances'] => {
  const of = (account: Account): string => String(balances.get(balanceName(currency, account)) ?? 0n);
  return { cash: of('cash'), revenue: of('revenue'), refunds: of('refunds') };
};

/** Whatever is wrong with a ledger, in sentences: it is read from its beginning and added up again. */
export const faultsIn = (entries: readonly Entry[], balances: ReadonlyMap<string, bigint>): readonly string[] => {
  const faults: string[] = [];
  const booked = new Set<string>();
  let ledger = EMPTY_LEDGER;
  for (const entry of entries) {
    const again = posted(ledger, entry, entry.eventId);
    ledger = again.ledger;
    const sum = entry.lines.reduce((total, { amount }) => total + BigInt(amount), 0n);
    if (entry.seq !== ledger.entries) faults.push(`Entry ${entry.seq} stands where ${ledger.entries} should.`);
    if (sum !== 0n) faults.push(`The lines of entry ${entry.seq} come to ${sum}, not to zero.`);
    if (JSON.stringify(entry.lines) !== JSON.stringify(again.entry.lines)) {
      faults.push(`The lines of entry ${entry.seq} are not those of its booking.`);
    }
    if (ACCOUNTS.some((account) => entry.balances[account] !== again.entry.balances[account])) {
      faults.push(`The balances of entry ${entry.seq} do not follow from those before it.`);
    }
    if (booked.has(entry.providerEventId)) faults.push(`Entry ${entry.seq} books ${entry.providerEventId} again.`);
    booked.add(entry.providerEventId);
  }
  for (const name of new Set([...balances.keys(), ...ledger.balances.keys()])) {
    const [kept, summed] = [balances.get(name) ?? 0n, ledger.balances.get(name) ?? 0n];
    if (kept !== summed) faults.push(`The balance ${name} is kept as ${kept}; the entries come to ${summed}.`);
  }
  return faults;
};
