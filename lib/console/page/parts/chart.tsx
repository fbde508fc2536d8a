import { useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import { themeChanges } from '../theme.ts';

export interface Series {
  readonly label: string;
  /** Which of the colours of the theme, from 1. */
  readonly colour: number;
  readonly values: readonly (number | null)[];
  /** Filled down to the axis. */
  readonly area?: boolean;
}

export interface ChartProps {
  readonly title: string;
  /** Seconds since 1970, one a value. */
  readonly times: readonly number[];
  readonly series: readonly Series[];
  readonly format: (value: number) => string;
  /** Half of what it counts does not exist. */
  readonly whole?: boolean;
}

const HEIGHT = 150;
/** Charts with the same key show the same moment under the pointer. */
const SYNC = 'live';

const colour = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Steps of an axis on which only whole numbers stand. */
const WHOLE_STEPS = Array.from({ length: 13 }, (_, power) => [1, 2, 5].map((step) => step * 10 ** power)).flat();

const optionsOf = (
  { series, format, whole }: Pick<ChartProps, 'series' | 'format' | 'whole'>,
  width: number,
): uPlot.Options => {
  const axis = {
    stroke: colour('--dim'),
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { show: false },
    font: '11px system-ui, sans-serif',
  };
  return {
    width,
    height: HEIGHT,
    padding: [8, 4, 0, 0],
    legend: { show: false },
    cursor: { sync: { key: SYNC }, y: false, points: { size: 6 } },
    scales: { y: { range: (_, __, max) => [0, max === null || max <= 0 ? 1 : max * 1.1] } },
    axes: [
      { ...axis, values: '{HH}:{mm}', space: 60, size: 24 },
      {
        ...axis,
        ...(whole === true ? { incrs: WHOLE_STEPS } : {}),
        size: 62,
        space: 30,
        values: (_, ticks) => ticks.map((tick) => (tick === null ? '' : format(tick))),
      },
    ],
    series: [
      {},
      ...series.map(({ label, colour: which, area }) => ({
        label,
        stroke: colour(`--series-${which}`),
        width: 1.5,
        points: { show: false },
        spanGaps: true,
        ...(area === true ? { fill: `${colour(`--series-${which}`)}22` } : {}),
      })),
    ],
  };
};

const lastOf = (values: readonly (number | null)[]): number | null =>
  values.findLast((value) => value !== null) ?? null;

/** Lines over time, as high before there are values as with them; the legend tells the values under the pointer, or the last ones. */
export const Chart = ({ title, times, series, format, whole = false }: ChartProps) => {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const [pointed, setPointed] = useState<number | undefined>(undefined);
  const shape = series.map(({ label, colour: which }) => `${label}/${which}`).join();

  useEffect(() => {
    const box = place.current;
    if (box === null) return;
    const options = optionsOf({ series, format, whole }, box.clientWidth);
    const made = new uPlot(
      { ...options, hooks: { setCursor: [({ cursor }) => setPointed(cursor.idx ?? undefined)] } },
      [[], ...series.map(() => [])],
      box,
    );
    plot.current = made;
    const sized = new ResizeObserver(() => made.setSize({ width: box.clientWidth, height: HEIGHT }));
    sized.observe(box);
    return () => {
      sized.disconnect();
      made.destroy();
      plot.current = undefined;
    };
  }, [shape, themeChanges.value]);

  useEffect(() => {
    plot.current?.setData([[...times], ...series.map(({ values }) => [...values])]);
  }, [times, series, shape, themeChanges.value]);

  const told = series.map(({ label, colour: which, values }) => {
    const value = pointed === undefined ? lastOf(values) : (values[pointed] ?? null);
    return { label, which, text: value === null ? '–' : format(value) };
  });
  return (
    <figure class="chart">
      <figcaption>
        <h3>{title}</h3>
        <ul>
          {told.map(({ label, which, text }) => (
            <li key={label}>
              <span class={`dot series-${which}`} />
              {label} <b>{text}</b>
            </li>
          ))}
        </ul>
      </figcaption>
      <div
        ref={place}
        class="plot"
        role="img"
        aria-label={`${title}: ${told.map(({ label, text }) => `${label} ${text}`).join(', ')}`}
      />
    </figure>
  );
};
