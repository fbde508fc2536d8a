import type { ComponentChildren } from 'preact';

export type Fact = readonly [name: string, value: ComponentChildren];

/** Names and values below each other; those without a value are left out. */
export const Facts = ({ facts, awaited = 4 }: { facts: readonly Fact[] | undefined; awaited?: number }) => (
  <dl class="facts">
    {facts === undefined
      ? Array.from({ length: awaited }, (_, i) => (
          <div key={`awaited-${String(i)}`}>
            <dt>
              <span class="bone" />
            </dt>
            <dd>
              <span class="bone" />
            </dd>
          </div>
        ))
      : facts.map(([name, value]) =>
          value === null || value === undefined ? null : (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
  </dl>
);
