/** Length of every URL of the demo, in characters: what a short link of a customer's domain comes to. */
export const URL_LENGTH = 60;

/** What the demo's template and items may ask for. */
export const DEMO_LIMITS = { items: 250_000 } as const;

export const DEMO_FORMATS = ['png', 'svg', 'pdf'] as const;
export type DemoFormat = (typeof DEMO_FORMATS)[number];

/**
 * The items file of a demo batch, one JSON object a line: ids `0000001`, ..., and distinct URLs of {@link URL_LENGTH}
 * characters.
 *
 * @param batchId makes the URLs of one batch differ from those of another
 * @param count items, 1 to {@link DEMO_LIMITS}.items
 */
export const demoItems = (batchId: string, count: number): string => {
  const base = `https://qr.example.com/${batchId.slice(-12)}/`;
  const lines: string[] = [];
  for (let index = 1; index <= count; index += 1) {
    const id = String(index).padStart(7, '0');
    lines.push(`{"id":"${id}","data":"${base}${id.padStart(URL_LENGTH - base.length, 'x')}"}`);
  }
  return `${lines.join('\n')}\n`;
};

/** The demo's template: 512 px, level M, quiet zone of four modules. */
export const demoTemplate = (formats: readonly DemoFormat[]): string =>
  JSON.stringify({
    name: 'Demo',
    size: 512,
    margin: 4,
    errorCorrection: 'M',
    foreground: '#000000',
    background: '#ffffff',
    formats,
    fileName: '{id}',
  });
