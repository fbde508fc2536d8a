import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { Icon, LINES } from './icon.tsx';

export interface DialogProps {
  readonly title: ComponentChildren;
  readonly onClose: () => void;
  /** At the right edge, as high as the window: for details. */
  readonly drawer?: boolean;
  readonly children: ComponentChildren;
}

/** The browser's own modal dialog: it keeps the focus inside, closes by Esc, and gives the focus back. */
export const Dialog = ({ title, onClose, drawer = false, children }: DialogProps) => {
  const box = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    box.current?.showModal();
  }, []);
  return (
    <dialog
      ref={box}
      class={drawer ? 'drawer' : 'box'}
      aria-labelledby={id}
      onClose={onClose}
      onClick={(event) => {
        // A click on what lies behind it is one on the dialog itself.
        if (event.target === box.current) box.current?.close();
      }}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <header>
        <h2 id={id}>{title}</h2>
        <button type="button" class="quiet square" aria-label="Close" onClick={() => box.current?.close()}>
          <Icon lines={LINES.close} />
        </button>
      </header>
      <div class="content">{children}</div>
    </dialog>
  );
};
