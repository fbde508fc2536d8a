/** The search field of a view: `/` leads to it, Esc empties it. */
export const Search = ({
  value,
  onInput,
  label,
}: {
  value: string;
  onInput: (text: string) => void;
  label: string;
}) => (
  <input
    type="search"
    data-search
    class="search"
    value={value}
    placeholder={`${label}  ( / )`}
    aria-label={label}
    autoComplete="off"
    spellcheck={false}
    onInput={(event) => onInput(event.currentTarget.value)}
    onKeyDown={(event) => {
      if (event.key === 'Escape') event.currentTarget.blur();
    }}
  />
);
