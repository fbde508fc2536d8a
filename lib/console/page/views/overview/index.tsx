import { useEffect, useMemo } from 'preact/hooks';
import { bytes, duration, number, rate } from '../../format.ts';
import { isLive, lately, slots, watchLive } from '../../live.ts';
import { Badge } from '../../parts/badge.tsx';
import { Chart } from '../../parts/chart.tsx';
import { Head } from '../../parts/head.tsx';
import { go, pathTo } from '../../router.ts';
import type { View, ViewProps } from '../view.ts';
import { chartsOf, levelsNow, total } from './series.ts';
import { Services } from './services.tsx';
import { TopicFigures } from './topic-figures.tsx';

const LATELY_SECONDS = 15;

const share = (value: number): string => `${value.toFixed(value < 10 ? 1 : 0)} %`;

const Tiles = ({ topic }: { topic: string | undefined }) => {
  const levels = levelsNow(slots.value);
  const now = topic === undefined ? lately.value?.all : lately.value?.topics[topic];
  const of = (values: Readonly<Record<string, number>> | undefined): number | undefined =>
    values === undefined || Object.keys(values).length === 0
      ? undefined
      : topic === undefined
        ? total(values)
        : (values[topic] ?? 0);
  const done = now?.done ?? 0;
  const errors = now?.errors ?? 0;
  const lag = of(levels?.lag);
  const published = of(levels?.published);
  const tiles: readonly (readonly [name: string, value: string, hint: string])[] = [
    ['Published', published === undefined ? '–' : rate(published), 'records a second'],
    ['Worked', rate(done / LATELY_SECONDS), `in the last ${LATELY_SECONDS} s`],
    ['Lag', lag === undefined ? '–' : number(lag), 'records not committed'],
    ['Errors', share(errors === 0 ? 0 : (100 * errors) / (done + errors)), `${number(errors)} in ${LATELY_SECONDS} s`],
    ['Latency p95', now?.p95 == null ? '–' : duration(now.p95), 'from publishing to effect'],
    ['Memory', levels === undefined ? '–' : bytes(total(levels.memory)), 'of all processes'],
  ];
  return (
    <dl class="tiles">
      {tiles.map(([name, value, hint]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
          <dd class="hint">{hint}</dd>
        </div>
      ))}
    </dl>
  );
};

const Overview = ({ query }: ViewProps) => {
  useEffect(watchLive, []);
  const topic = query.get('topic') ?? undefined;
  const shown = slots.value;
  const times = useMemo(() => shown.map(({ time }) => time), [shown]);
  const charts = useMemo(() => chartsOf(shown, topic), [shown, topic]);
  const choose = (name: string | undefined): void => go(pathTo(['overview'], { topic: name }), { replace: true });
  return (
    <>
      <Head
        title="Overview"
        aside={<Badge tone={isLive.value ? 'ok' : 'warn'}>{isLive.value ? 'live' : 'connecting'}</Badge>}
      >
        {topic === undefined ? null : (
          <button type="button" class="quiet" onClick={() => choose(undefined)}>
            All topics
          </button>
        )}
        <strong>{topic ?? 'All topics'}</strong>
      </Head>
      <p class="hidden" role="status" aria-live="polite">
        {isLive.value ? 'Figures are live' : 'Connecting to the live figures'}
      </p>
      <Tiles topic={topic} />
      <div class="charts">
        <Chart title="Throughput" times={times} series={charts.throughput} format={rate} />
        <Chart title="End-to-end latency" times={times} series={charts.latency} format={duration} />
        <Chart title="Lag" times={times} series={charts.lag} format={(value) => number(Math.round(value))} whole />
        <Chart title="Error rate" times={times} series={charts.errors} format={share} />
      </div>
      <div class="below">
        <TopicFigures chosen={topic} onChoose={(name) => choose(name === topic ? undefined : name)} />
        <div>
          <Services />
          <Chart title="Memory" times={times} series={charts.memory} format={bytes} />
        </div>
      </div>
    </>
  );
};

export const overview: View = {
  id: 'overview',
  title: 'Overview',
  key: 'o',
  icon: 'M2 13.5h12M3 10l3.5-4 3 2.5L13.5 3',
  group: 'Watch',
  Show: Overview,
};
