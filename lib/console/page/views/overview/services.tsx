import type { ServiceHealth } from '../../../../local/health.ts';
import { bytes } from '../../format.ts';
import { health, slots } from '../../live.ts';
import { Badge, type Tone } from '../../parts/badge.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { levelsNow } from './series.ts';

const TONES: Readonly<Record<ServiceHealth['state'], Tone>> = {
  healthy: 'ok',
  unhealthy: 'warn',
  failed: 'bad',
  stopped: 'plain',
};

/** The services of the stack, with what is wrong with them. */
export const Services = () => {
  const memory = levelsNow(slots.value)?.memory ?? {};
  const columns: readonly Column<ServiceHealth>[] = [
    {
      head: 'Service',
      grows: true,
      cell: ({ name, endpoint, detail }) => <span title={`${endpoint} ${detail}`}>{name}</span>,
    },
    { head: 'State', cell: ({ state }) => <Badge tone={TONES[state]}>{state}</Badge> },
    {
      head: 'Memory',
      right: true,
      cell: ({ name }) => (memory[name] === undefined ? '–' : bytes(memory[name])),
    },
  ];
  const unwell = health.value?.services.filter(({ state }) => state !== 'healthy') ?? [];
  return (
    <>
      <Table
        label="Services"
        columns={columns}
        rows={health.value?.services}
        awaited={6}
        keyOf={({ name }) => name}
        empty="There is no service."
      />
      <ul class="unwell" aria-live="polite">
        {unwell.map(({ name, detail }) => (
          <li key={name}>
            {name}: {detail}
          </li>
        ))}
        {health.value?.cache === undefined ? null : (
          <li key="cache" title={health.value.cache.next.join('\n')}>
            cache: {health.value.cache.detail}
          </li>
        )}
      </ul>
    </>
  );
};
