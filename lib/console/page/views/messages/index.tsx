import { useState } from 'preact/hooks';
import type { TopicSummary } from '../../../../operations/topics.ts';
import type { ListedRecord } from '../../../server/routes/messages-types.ts';
import { mayChange } from '../../api.ts';
import { bytes, counted, moment, number } from '../../format.ts';
import { Badge } from '../../parts/badge.tsx';
import { FailureNote } from '../../parts/failure.tsx';
import { Head } from '../../parts/head.tsx';
import { Icon, LINES } from '../../parts/icon.tsx';
import { Progress } from '../../parts/progress.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { go, pathTo } from '../../router.ts';
import { useAnswer } from '../../use-answer.ts';
import type { View, ViewProps } from '../view.ts';
import { MessageDetails } from './details.tsx';
import { Filter, paramsOf } from './filter.tsx';
import { type Draft, SendMessage } from './send.tsx';
import { usePages } from './use-pages.ts';

const keyOf = ({ partition, offset }: Pick<ListedRecord, 'partition' | 'offset'>): string => `${partition}/${offset}`;

const COLUMNS: readonly Column<ListedRecord>[] = [
  { head: 'Time', cell: ({ timestamp }) => <span title={timestamp}>{moment(timestamp)}</span> },
  { head: 'Partition', right: true, wide: true, cell: ({ partition }) => partition },
  { head: 'Offset', right: true, wide: true, cell: ({ offset }) => number(offset) },
  {
    head: 'Type',
    wide: true,
    cell: ({ eventType, format, problem }) =>
      problem === null ? (
        <span title={eventType ?? format}>{eventType ?? <span class="dim">{format}</span>}</span>
      ) : (
        <span title={problem}>
          <Badge tone="bad">{format}</Badge>
        </span>
      ),
  },
  { head: 'Key', cell: ({ key }) => <span class="mono short">{key ?? '–'}</span> },
  { head: 'Value', grows: true, cell: ({ preview }) => <span class="mono dim">{preview}</span> },
  { head: 'Size', right: true, wide: true, cell: ({ bytes: size }) => bytes(size) },
];

const Messages = ({ rest: [topic, partition, offset], query }: ViewProps) => {
  const topics = useAnswer<readonly TopicSummary[]>('/topics?internal=true');
  const params = paramsOf(query);
  const pages = usePages(topic, params);
  const [draft, setDraft] = useState<Draft | undefined>(undefined);
  const { records, looked, total, isLooking, hasMore } = pages;
  const back = (): void => go(pathTo(['messages', topic ?? ''], params));
  const isSearching = params.search !== undefined;
  return (
    <>
      <Head title="Messages" aside={topic === undefined ? undefined : `${counted(total, 'message')} in reach`}>
        {topic !== undefined && mayChange() ? (
          <button type="button" class="main" onClick={() => setDraft({ json: '', key: '', eventType: undefined })}>
            <Icon lines={LINES.plus} /> Send
          </button>
        ) : null}
      </Head>
      <Filter topics={topics.data} topic={topic} params={params} onAgain={pages.again} />
      <FailureNote failure={topics.failure ?? pages.failure} again={pages.again} />
      {topic === undefined ? (
        <p class="empty">Choose a topic to see its messages, the newest first.</p>
      ) : (
        <>
          <div class="looking">
            <Progress
              label="Looked at"
              value={looked}
              total={total}
              text={
                isSearching
                  ? `${number(looked)} of ${number(total)} looked at, ${number(records?.length ?? 0)} found`
                  : `${number(records?.length ?? 0)} shown`
              }
            />
            {isLooking ? (
              <button type="button" class="quiet" onClick={pages.stop}>
                Stop
              </button>
            ) : null}
          </div>
          <Table
            label={`Messages of ${topic}`}
            columns={COLUMNS}
            rows={records}
            awaited={20}
            keyOf={keyOf}
            empty={isSearching ? 'None of those that were looked at has it.' : 'There is no message here.'}
            onChoose={(record) =>
              go(pathTo(['messages', topic, String(record.partition), String(record.offset)], params))
            }
            chosen={partition === undefined ? undefined : `${partition}/${offset}`}
          />
          <div class="more">
            <button type="button" disabled={!hasMore || isLooking} onClick={pages.more}>
              {isLooking ? 'Looking …' : hasMore ? 'Look on' : 'That is all'}
            </button>
          </div>
        </>
      )}
      {topic !== undefined && partition !== undefined && offset !== undefined ? (
        <MessageDetails
          key={`${partition}/${offset}`}
          place={{ topic, partition, offset }}
          onClose={back}
          onSendAgain={(again) => {
            back();
            setDraft(again);
          }}
        />
      ) : null}
      {topic !== undefined && draft !== undefined ? (
        <SendMessage
          topic={topic}
          draft={draft}
          onClose={(isSent) => {
            setDraft(undefined);
            if (isSent) pages.again();
          }}
        />
      ) : null}
    </>
  );
};

export const messages: View = {
  id: 'messages',
  title: 'Messages',
  key: 'm',
  icon: 'M2 3.5h12v8H6.5L4 14v-2.5H2zM5 6.5h6M5 9h4',
  group: 'Streams',
  Show: Messages,
};
