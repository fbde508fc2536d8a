import type { ComponentChildren } from 'preact';
import { go } from '../router.ts';

export interface LinkProps {
  readonly to: string;
  readonly class?: string;
  readonly current?: boolean;
  readonly title?: string;
  readonly children: ComponentChildren;
}

/** A link within the page; with a modifier key the browser does what it does with any link. */
export const Link = ({ to, current, title, children, ...rest }: LinkProps) => (
  <a
    href={to}
    class={rest.class}
    title={title}
    aria-current={current === true ? 'page' : undefined}
    onClick={(event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
      event.preventDefault();
      go(to);
    }}
  >
    {children}
  </a>
);
