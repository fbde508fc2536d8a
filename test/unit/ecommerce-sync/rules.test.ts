import { describe, expect, it } from 'vitest';
import { detailsOf } from '../../../handlers/ecommerce-sync/details.ts';
import { wantedFallback } from '../../../handlers/ecommerce-sync/fallback.ts';
import { levelOf, newsOf, toldOf } from '../../../handlers/ecommerce-sync/levels.ts';
import { keepProduct, newProduct, productKey } from '../../../handlers/ecommerce-sync/product.ts';
import { isNewer } from '../../../handlers/ecommerce-sync/versions.ts';
import { eventOf, timeOf } from '../../../lib/events/index.ts';

describe('a version', () => {
  it('counts before the time, and the same twice is not newer', () => {
    const at = (version: number, updatedAt: number) => ({ version, updatedAt });
    expect(isNewer(at(3, 1), at(2, 9))).toBe(true);
    expect(isNewer(at(2, 9), at(3, 1))).toBe(false);
    expect(isNewer(at(2, 9), at(2, 8))).toBe(true);
    expect(isNewer(at(2, 9), at(2, 9))).toBe(false);
  });

  it('needs a time that is one', () => {
    expect(timeOf('updatedAt', '2026-01-01T01:00:00+01:00')).toBe(Date.UTC(2026, 0, 1));
    expect(() => timeOf('updatedAt', 'now')).toThrow('updatedAt must be a time in ISO 8601, not "now".');
  });
});

describe('the level of stock', () => {
  it.each([
    [11, 10, 'ok'],
    [10, 10, 'low'],
    [1, null, 'ok'],
    [0, null, 'out'],
    [-2, 10, 'out'],
  ] as const)('of %i with a threshold of %s is %s', (available, threshold, level) => {
    expect(levelOf(available, threshold)).toBe(level);
  });

  it('is told once a shortage: the next begins when there was plenty in between', () => {
    const news: string[] = [];
    let told: ReturnType<typeof toldOf> = 'ok';
    for (const available of [20, 10, 11, 9, 0, 1, 0, -1, 11, 10, 12, 10, 0]) {
      const one = newsOf(told, levelOf(available, 10));
      if (one !== undefined) news.push(`${one} at ${available}`);
      told = toldOf(told, available, 10);
    }
    expect(news).toEqual(['low at 10', 'out at 0', 'low at 10', 'out at 0']);
  });
});

describe('the details of a product', () => {
  const detailsWith = (more: object) =>
    detailsOf(
      eventOf(
        'product.updated',
        {
          storeId: 's1',
          sku: 'mug',
          version: 1,
          updatedAt: '2026-01-01T00:00:00Z',
          userId: 'u1',
          title: 'Mug',
          price: 990,
          currency: 'EUR',
          ...more,
        },
        { source: 'test' },
      ).payload,
    );

  it('may be few', () => {
    expect(detailsWith({ price: null, currency: null })).toMatchObject({ title: 'Mug', price: null, url: null });
    expect(detailsWith({ url: 'https://shop.example/mug' })).toMatchObject({
      price: 990,
      url: 'https://shop.example/mug',
    });
  });

  it.each<[object, string]>([
    [{ price: -1 }, 'Product mug of store s1 has a price below zero: -1.'],
    [{ currency: null }, 'Product mug of store s1 has a price without a currency.'],
    [{ currency: 'eur' }, 'has the currency "eur"; it must be a code of ISO 4217 in upper case'],
    [{ currency: 'ABC' }, 'has the currency "ABC"'],
    [{ lowStockAt: -5 }, 'has a low stock threshold below zero: -5'],
    [{ url: 'javascript:alert(1)' }, 'has a url that is not an http or https URL'],
    [{ fallbackUrl: 'https://me:secret@shop.example' }, 'has a fallbackUrl that is not an http or https URL'],
  ])('%j are refused', (more, reason) => {
    expect(() => detailsWith(more)).toThrow(reason);
  });
});

describe('a product', () => {
  const product = newProduct({ storeId: 's1', sku: 'mug', userId: 'u1' });

  it('leads elsewhere when it is out of stock or gone, and has a code and somewhere to lead to', () => {
    const details = {
      title: 'Mug',
      price: null,
      currency: null,
      url: null,
      qrId: 'q1',
      fallbackUrl: 'https://shop.example/',
      lowStockAt: null,
    };
    const wanted = { qrId: 'q1', url: 'https://shop.example/' };
    expect(wantedFallback({ ...product, details, level: 'out' })).toEqual(wanted);
    expect(wantedFallback({ ...product, details, deleted: { by: 'store' } })).toEqual(wanted);
    expect(wantedFallback({ ...product, details, level: 'low' })).toBeNull();
    expect(wantedFallback({ ...product, details: { ...details, fallbackUrl: null }, level: 'out' })).toBeNull();
    expect(wantedFallback({ ...product, level: 'out' })).toBeNull();
  });

  it('is not mistaken for that of another store whose name ends where its own begins', () => {
    expect(productKey({ storeId: 'a:b', sku: 'c' })).not.toBe(productKey({ storeId: 'a', sku: 'b:c' }));
  });

  it('that is gone is forgotten in time, unless its code leads elsewhere because of it', () => {
    const gone = { ...product, deleted: { by: 'store' } } as const;
    expect(keepProduct(product)).toHaveLength(3);
    expect(keepProduct(gone).slice(3)).toEqual(['EX', 2_592_000]);
    expect(keepProduct({ ...gone, fallback: { qrId: 'q1', url: 'https://shop.example/' } })).toHaveLength(3);
  });
});
