import { PermanentError } from '../../lib/errors.ts';
import type { EventPayloads } from '../../lib/events/index.ts';
import { WEB_URL, webUrl } from '../../lib/web-url.ts';

type Updated = EventPayloads['product.updated'];

/** What a store says of a product. */
export type Details = Pick<Updated, 'title' | 'price' | 'currency' | 'url' | 'qrId' | 'fallbackUrl' | 'lowStockAt'>;

const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

/** @throws PermanentError INVALID_EVENT for a price, a URL or a threshold that is none */
export const detailsOf = (payload: Updated): Details => {
  const { sku, title, price, currency, qrId, lowStockAt } = payload;
  const wrong = (what: string): PermanentError =>
    new PermanentError('INVALID_EVENT', `Product ${sku} of store ${payload.storeId} ${what}.`);
  if (price !== null && price < 0) throw wrong(`has a price below zero: ${price}`);
  if (price !== null && currency === null) throw wrong('has a price without a currency');
  if (currency !== null && !CURRENCIES.has(currency)) {
    throw wrong(`has the currency ${JSON.stringify(currency)}; it must be a code of ISO 4217 in upper case, e.g. EUR`);
  }
  if (lowStockAt !== null && lowStockAt < 0) throw wrong(`has a low stock threshold below zero: ${lowStockAt}`);
  const checked = (field: 'url' | 'fallbackUrl'): string | null => {
    const text = payload[field];
    const url = text === null ? null : webUrl(text);
    if (url === undefined) throw wrong(`has a ${field} that is not ${WEB_URL}`);
    return url;
  };
  return { title, price, currency, qrId, lowStockAt, url: checked('url'), fallbackUrl: checked('fallbackUrl') };
};
