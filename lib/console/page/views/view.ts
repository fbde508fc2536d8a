import type { ComponentType } from 'preact';

/** One page of the console. */
export interface View {
  /** First step of its path. */
  readonly id: string;
  readonly title: string;
  /** The letter that leads there after `g`. */
  readonly key: string;
  /** Lines of its icon in a square of 16 units. */
  readonly icon: string;
  /** Heading it stands under in the navigation. */
  readonly group: 'Watch' | 'Streams' | 'Work' | 'Stores';
  readonly Show: ComponentType<ViewProps>;
}

export interface ViewProps {
  /** Steps of the path after the view's own. */
  readonly rest: readonly string[];
  /** The query of the path. */
  readonly query: URLSearchParams;
}
