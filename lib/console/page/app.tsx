import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { session } from './api.ts';
import { focusSearch, helpIsOpen, listenToKeys } from './keyboard.ts';
import { Login } from './login.tsx';
import { Nav } from './nav.tsx';
import { Help } from './parts/help.tsx';
import { Toasts } from './parts/toast.tsx';
import { query, steps } from './router.ts';
import { toggleTheme } from './theme.ts';
import { VIEWS } from './views/index.ts';

/** The navigation of a narrow screen, which lies over the view. */
export const menuIsOpen = signal(false);

const openHelp = (): void => {
  helpIsOpen.value = true;
};

export const App = () => {
  useEffect(() => listenToKeys({ '/': focusSearch, '?': openHelp, t: toggleTheme }), []);
  const [id, ...rest] = steps.value;
  const view = VIEWS.find((each) => each.id === id) ?? (id === undefined ? VIEWS[0] : undefined);
  useEffect(() => {
    menuIsOpen.value = false;
    document.title = view === undefined ? 'QR streams' : `${view.title} · QR streams`;
  }, [view]);
  if (session.value === 'refused') return <Login />;
  return (
    <div class="frame">
      <a class="skip" href="#view">
        Skip the navigation
      </a>
      <Nav current={view?.id} menu={menuIsOpen} />
      <main id="view" tabIndex={-1}>
        {view === undefined ? <p class="empty">There is no such view.</p> : null}
        {view === undefined || session.value === undefined ? null : (
          <view.Show key={view.id} rest={rest} query={query.value} />
        )}
      </main>
      {helpIsOpen.value ? <Help /> : null}
      <Toasts />
    </div>
  );
};
