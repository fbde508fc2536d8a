import type { Signal } from '@preact/signals';
import { mayChange, session } from './api.ts';
import { helpIsOpen } from './keyboard.ts';
import { Badge } from './parts/badge.tsx';
import { Icon, LINES } from './parts/icon.tsx';
import { Link } from './parts/link.tsx';
import { toggleTheme } from './theme.ts';
import { VIEWS } from './views/index.ts';

const GROUPS = [...new Set(VIEWS.map(({ group }) => group))];

export const Nav = ({ current, menu }: { current: string | undefined; menu: Signal<boolean> }) => (
  <aside class={menu.value ? 'side open' : 'side'}>
    <div class="brand">
      <svg viewBox="0 0 16 16" width="22" height="22" aria-hidden="true">
        <rect width="16" height="16" rx="4" />
        <path d="M3 5c3-3 7 3 10 0M3 8.5c3-3 7 3 10 0M3 12c3-3 7 3 10 0" />
      </svg>
      <span>QR streams</span>
      {session.value !== undefined && !mayChange() ? <Badge tone="warn">read-only</Badge> : null}
      <button
        type="button"
        class="quiet square menu"
        aria-label="Menu"
        aria-expanded={menu.value}
        aria-controls="views"
        onClick={() => {
          menu.value = !menu.value;
        }}
      >
        <Icon lines={menu.value ? LINES.close : LINES.menu} />
      </button>
    </div>
    <nav id="views" aria-label="Views">
      {GROUPS.map((group) => (
        <section key={group}>
          <h2>{group}</h2>
          {VIEWS.filter((view) => view.group === group).map(({ id, title, key, icon }) => (
            <Link key={id} to={`/${id}`} current={current === id}>
              <Icon lines={icon} />
              <span>{title}</span>
              <span class="key" aria-hidden="true">
                {key}
              </span>
            </Link>
          ))}
        </section>
      ))}
    </nav>
    <div class="foot">
      <button
        type="button"
        class="quiet square"
        aria-label="Light or dark"
        title="Light or dark (t)"
        onClick={toggleTheme}
      >
        <Icon lines={LINES.sun} />
      </button>
      <button
        type="button"
        class="quiet square"
        aria-label="Keyboard help"
        title="Keyboard help (?)"
        onClick={() => {
          helpIsOpen.value = true;
        }}
      >
        ?
      </button>
    </div>
  </aside>
);
