import type { Words } from '../wording.ts';

export const shop: Words<'low-stock' | 'out-of-stock'> = {
  'low-stock': ({ title, sku, storeId, available }, { link }) => ({
    subject: `${title} runs low`,
    paragraphs: [`${title} (${sku}) in the store ${storeId}: ${available} left.`],
    short: `${title} (${sku}) runs low: ${available} left.`,
    action: { label: 'See the product', url: link('stores', storeId, 'products', sku) },
  }),
  'out-of-stock': ({ title, sku, storeId }, { link }) => ({
    subject: `${title} is sold out`,
    paragraphs: [
      `${title} (${sku}) in the store ${storeId} is sold out.`,
      'Its code leads to your fallback page, if you have set one, until there is stock again.',
    ],
    short: `${title} (${sku}) is sold out.`,
    action: { label: 'See the product', url: link('stores', storeId, 'products', sku) },
  }),
};
