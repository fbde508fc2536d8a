import type { Words } from '../wording.ts';

export const shop: Words<'low-stock' | 'out-of-stock'> = {
  'low-stock': ({ title, sku, storeId, available }, { link }) => ({
    subject: `${title} wird knapp`,
    paragraphs: [`${title} (${sku}) im Shop ${storeId}: noch ${available}.`],
    short: `${title} (${sku}) wird knapp: noch ${available}.`,
    action: { label: 'Produkt ansehen', url: link('stores', storeId, 'products', sku) },
  }),
  'out-of-stock': ({ title, sku, storeId }, { link }) => ({
    subject: `${title} ist ausverkauft`,
    paragraphs: [
      `${title} (${sku}) im Shop ${storeId} ist ausverkauft.`,
      'Der Code führt auf Ihre Ersatzseite, sofern Sie eine gesetzt haben, bis es wieder Bestand gibt.',
    ],
    short: `${title} (${sku}) ist ausverkauft.`,
    action: { label: 'Produkt ansehen', url: link('stores', storeId, 'products', sku) },
  }),
};
