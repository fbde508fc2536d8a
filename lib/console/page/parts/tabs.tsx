import { Link } from './link.tsx';

/** What of a thing is shown; each has an address of its own. */
export const Tabs = ({
  label,
  tabs,
  chosen,
}: {
  label: string;
  /** Name and where it leads. */
  tabs: readonly (readonly [name: string, to: string])[];
  chosen: string;
}) => (
  <nav class="tabs" aria-label={label}>
    {tabs.map(([name, to]) => (
      <Link key={name} to={to} current={name === chosen}>
        {name}
      </Link>
    ))}
  </nav>
);
