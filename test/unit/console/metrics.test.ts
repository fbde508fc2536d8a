import { expect, it } from 'vitest';
import { familiesOf } from '../../../lib/console/server/metrics/families.ts';
import { metricsText } from '../../../lib/console/server/metrics/text.ts';
import { Totals } from '../../../lib/operations/figures/totals.ts';
import { ask, consoleFor } from './support.ts';

it('metrics have help and type before their samples, and are escaped', () => {
  const samples = [{ labels: { topic: 'a"b\\c\nd' }, value: 1 }];
  const text = metricsText([
    { name: 'x_total', type: 'counter', help: 'One\nline \\ only', samples },
    { name: 'empty', type: 'gauge', help: 'Nothing', samples: [] },
  ]);
  expect(text).toBe('# HELP x_total One\\nline \\\\ only\n# TYPE x_total counter\nx_total{topic="a\\"b\\\\c\\nd"} 1\n');
});

it('the buckets of a histogram are cumulative and end with +Inf, which is the count', () => {
  const totals = new Totals();
  const counts = { done: 4, skipped: 0, dead: 1, failed: 0, held: 0 };
  totals.add({ time: 0, topic: 't', counts, latencies: [5, 20, 200, 900_000] });
  const health = { healthy: false, engine: undefined, services: [] };
  const text = metricsText(familiesOf({ totals, health, progress: [], memory: { kafka: 1_024 } }));
  const buckets = [...text.matchAll(/_bucket\{topic="t",le="([^"]+)"\} (\d+)/g)].map(([, le, count]) => [le, count]);
  expect(buckets[0]).toEqual(['0.01', '1']);
  expect(buckets.at(-1)).toEqual(['+Inf', '4']);
  expect(buckets.map(([, count]) => Number(count))).toEqual(
    buckets.map(([, count]) => Number(count)).sort((a, b) => a - b),
  );
  expect(text).toContain('qr_end_to_end_latency_seconds_count{topic="t"} 4\n');
  expect(text).toContain('qr_records_total{topic="t",outcome="dead"} 1\n');
  expect(text).toContain('qr_process_resident_memory_bytes{process="kafka"} 1024\n');
});

it('GET /metrics wants the token where there is one', async () => {
  const token = 'a-token-that-nobody-guesses';
  const app = consoleFor({ token });
  expect((await ask(app, '/metrics')).status).toBe(401);
  const { status, headers } = await ask(app, '/metrics', { headers: { authorization: `Bearer ${token}` } });
  expect([status, headers.get('content-type')]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
});
