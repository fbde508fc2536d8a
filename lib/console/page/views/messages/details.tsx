import type { BrowsedRecord } from '../../../../operations/browse/page.ts';
import { mayChange } from '../../api.ts';
import { bytes } from '../../format.ts';
import { Badge } from '../../parts/badge.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Facts } from '../../parts/facts.tsx';
import { FailureNote } from '../../parts/failure.tsx';
import { Json } from '../../parts/json.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { tell } from '../../parts/toast.tsx';
import { pathTo } from '../../router.ts';
import { useAnswer } from '../../use-answer.ts';
import type { Draft } from './send.tsx';

interface Header {
  readonly index: number;
  readonly name: string;
  readonly value: string | null;
}

const HEADERS: readonly Column<Header>[] = [
  { head: 'Header', cell: ({ name }) => name },
  {
    head: 'Value',
    grows: true,
    cell: ({ value }) => (
      <span class="mono" title={value ?? undefined}>
        {value ?? '(no value)'}
      </span>
    ),
  },
];

/** What is typed to send the same once more: of an event its payload, which gets an envelope of its own. */
const draftOf = ({ value, key, headers }: BrowsedRecord): Draft => {
  const isEvent = typeof value === 'object' && value !== null && 'payload' in value && 'eventType' in value;
  const json = JSON.stringify(isEvent ? value.payload : value, null, 2) ?? '';
  return { json, key: isEvent ? '' : (key ?? ''), eventType: isEvent ? headers['event-type'] : undefined };
};

const copy = (record: BrowsedRecord): void => {
  const text = typeof record.value === 'string' ? record.value : JSON.stringify(record.value, null, 2);
  navigator.clipboard.writeText(text).then(
    () => tell('The value is on the clipboard.'),
    () => tell('The browser does not let the clipboard be written.'),
  );
};

export const MessageDetails = ({
  place: { topic, partition, offset },
  onClose,
  onSendAgain,
}: {
  place: { topic: string; partition: string; offset: string };
  onClose: () => void;
  onSendAgain: (draft: Draft) => void;
}) => {
  const { data, failure } = useAnswer<BrowsedRecord>(pathTo(['messages', topic, partition, offset]));
  return (
    <Dialog drawer title={`${topic}, partition ${partition}, offset ${offset}`} onClose={onClose}>
      <FailureNote failure={failure} />
      <Facts
        awaited={5}
        facts={
          data && [
            ['Time', data.timestamp],
            ['Key', data.key === null ? <span class="dim">none</span> : <code>{data.key}</code>],
            ['Size', bytes(data.bytes)],
            [
              'Format',
              <>
                {data.schema ?? data.format}
                {data.problem === null ? null : <Badge tone="bad">{data.problem}</Badge>}
              </>,
            ],
          ]
        }
      />
      <h3>
        Value
        {data === undefined ? null : (
          <button type="button" class="quiet" onClick={() => copy(data)}>
            Copy
          </button>
        )}
      </h3>
      {data === undefined ? <div class="json awaited" /> : <Json label="Value" value={data.value} />}
      <h3>Headers</h3>
      <Table
        label="Headers"
        columns={HEADERS}
        rows={data?.headerList.map((header, index) => ({ ...header, index }))}
        awaited={5}
        keyOf={({ index }) => String(index)}
        empty="It has none."
      />
      {data !== undefined && mayChange() && data.format !== 'binary' && data.format !== 'empty' ? (
        <footer>
          <button type="button" onClick={() => onSendAgain(draftOf(data))}>
            Send another like it
          </button>
        </footer>
      ) : null}
    </Dialog>
  );
};
