import { helpIsOpen, SHORTCUTS } from '../keyboard.ts';
import { VIEWS } from '../views/index.ts';
import { Dialog } from './dialog.tsx';

export const Help = () => (
  <Dialog
    title="Keyboard"
    onClose={() => {
      helpIsOpen.value = false;
    }}
  >
    <dl class="keys">
      {[...SHORTCUTS, ...VIEWS.map(({ key, title }) => [`g ${key}`, title] as const)].map(([keys, does]) => (
        <div key={keys}>
          <dt>
            <kbd>{keys}</kbd>
          </dt>
          <dd>{does}</dd>
        </div>
      ))}
    </dl>
  </Dialog>
);
