import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { encode } from 'fast-png';
import { encodeQR } from 'qr';
import { toBuffer } from 'qrcode';
import { rendererOf } from '../handlers/bulk-qr-processing/render/renderer.ts';
import { parseTemplate } from '../handlers/bulk-qr-processing/template.ts';
import { demoItems, demoTemplate, URL_LENGTH } from '../lib/operations/demo-items.ts';
import { scannedPng } from '../test/support/qr.ts';

/**
 * Codes a second, of our PNG renderer and of what one would reach for first, in one thread. Each renders the same URLs in
 * the same look; rounds of the renderers alternate, so that whatever else the machine does meets all of them.
 */
const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, seconds: { type: 'string', default: '1' } },
});
const ROUNDS = Number(options.rounds);
const ROUND_MS = Number(options.seconds) * 1_000;
const CHECKED = 20;

const template = parseTemplate(demoTemplate(['png']), 'bench');
const { size, margin } = template;
const urls = demoItems('bench-0123456789ab', 5_000)
  .trimEnd()
  .split('\n')
  .map((line): string => JSON.parse(line).data);

type Render = (data: string) => Uint8Array | Promise<Uint8Array>;

const ours = rendererOf(template, undefined);

const RENDERERS: Readonly<Record<string, Render>> = {
  'this project': (data) => ours(data)[0]?.bytes ?? new Uint8Array(0),
  'qr matrix + fast-png': (data) => {
    const rows = encodeQR(data, 'raw', { ecc: 'medium', border: margin });
    const scale = Math.floor(size / rows.length);
    const offset = Math.floor((size - scale * rows.length) / 2);
    const pixels = new Uint8Array(size * size).fill(255);
    rows.forEach((row, y) => {
      row.forEach((isDark, x) => {
        if (!isDark) return;
        for (let i = 0; i < scale; i++) {
          const start = (offset + y * scale + i) * size + offset + x * scale;
          pixels.fill(0, start, start + scale);
        }
      });
    });
    return encode({ width: size, height: size, channels: 1, depth: 8, data: pixels });
  },
  'qrcode toBuffer': (data) => toBuffer(data, { type: 'png', errorCorrectionLevel: 'M', width: size, margin }),
};

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

/** Throws unless a scanner reads what was asked for. */
const check = async (name: string, render: Render): Promise<number> => {
  let bytes = 0;
  for (const url of urls.slice(0, CHECKED)) {
    const png = await render(url);
    const read = scannedPng(png);
    if (read !== url) throw new Error(`${name}: ${url} reads back as ${read}`);
    bytes += png.length;
  }
  return bytes / CHECKED;
};

const round = async (render: Render): Promise<number> => {
  const begun = performance.now();
  let codes = 0;
  let elapsed = 0;
  while (elapsed < ROUND_MS) {
    await render(urls[codes++ % urls.length] ?? '');
    elapsed = performance.now() - begun;
  }
  return (codes / elapsed) * 1_000;
};

const sizes = new Map<string, number>();
for (const [name, render] of Object.entries(RENDERERS)) sizes.set(name, await check(name, render));
const rates = new Map<string, number[]>(Object.keys(RENDERERS).map((name) => [name, []]));
// The first round warms up and does not count.
for (let i = 0; i <= ROUNDS; i++) {
  for (const [name, render] of Object.entries(RENDERERS)) {
    const rate = await round(render);
    if (i > 0) rates.get(name)?.push(rate);
  }
}

const first = median(rates.get('this project') ?? []);
const table = new Table({
  head: ['renderer', 'codes/s (median)', 'lowest - highest', 'bytes a PNG', 'ours is faster'],
});
const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
for (const [name, all] of rates) {
  const middle = median(all);
  const range = `${whole(Math.min(...all))} - ${whole(Math.max(...all))}`;
  table.push([name, whole(middle), range, whole(sizes.get(name) ?? 0), `${(first / middle).toFixed(1)} x`]);
}
console.log(table.toString());
console.log(
  `URLs of ${URL_LENGTH} characters, level M, ${size} px, quiet zone of ${margin}; one thread, ${ROUNDS} rounds of ` +
    `${ROUND_MS / 1_000} s each, alternating; Node ${process.version}, ${cpus()[0]?.model ?? 'unknown processor'}. ` +
    `${CHECKED} codes of each renderer were read back by jsqr first.`,
);
