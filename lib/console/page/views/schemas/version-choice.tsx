import type { ShownSchema } from '../../../server/routes/schemas-types.ts';

/** One version of those there are. */
export const VersionChoice = ({
  label,
  versions,
  value,
  onChoose,
}: {
  label: string;
  versions: ShownSchema['versions'] | undefined;
  value: number | undefined;
  onChoose: (version: string) => void;
}) => (
  <label class="choice">
    {label}
    <select value={value} disabled={versions === undefined} onChange={(event) => onChoose(event.currentTarget.value)}>
      {(versions ?? []).map(({ version }) => (
        <option key={version} value={version}>
          {version}
        </option>
      ))}
    </select>
  </label>
);
