import { createRecordConsumer } from '../../lib/consumer/index.ts';
import { openCodec, openRegistry } from '../../lib/events/index.ts';
import { settingsFrom } from '../../lib/settings.ts';
import { ALERT } from './alert.ts';
import { openSourceLog } from './source-log.ts';
import { fileRecord } from './work.ts';

const settings = settingsFrom();

export const handler = createRecordConsumer(
  'dead-letter-queue',
  fileRecord({
    codec: openCodec(openRegistry(settings)),
    log: openSourceLog(settings),
    alert: { ...ALERT, operator: settings.operatorUserId },
    now: Date.now,
  }),
);
