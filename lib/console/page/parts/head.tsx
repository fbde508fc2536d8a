import type { ComponentChildren } from 'preact';

/** The head of a view: its title, what belongs beside it, and its controls. */
export const Head = ({
  title,
  aside,
  children,
}: {
  title: ComponentChildren;
  aside?: ComponentChildren;
  children?: ComponentChildren;
}) => (
  <header class="head">
    <h1>{title}</h1>
    {aside === undefined ? null : <span class="aside">{aside}</span>}
    <div class="controls">{children}</div>
  </header>
);
