/** A bar with its figures in words. */
export const Progress = ({
  label,
  value,
  total,
  text,
  tone = 'busy',
}: {
  label: string;
  value: number;
  total: number;
  text: string;
  tone?: 'busy' | 'ok' | 'bad';
}) => (
  <div class={`progress ${tone}`}>
    <progress aria-label={label} value={value} max={Math.max(1, total)} />
    <span>{text}</span>
  </div>
);
