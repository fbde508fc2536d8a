import type { HandlerContext } from '../../lib/consumer/index.ts';
import { createConsumer } from '../../lib/consumer/index.ts';
import { settingsFrom } from '../../lib/settings.ts';
import { openObjects } from '../../lib/stores/objects.ts';
import { ADMISSION_DEFAULTS, admissionOf } from './admission.ts';
import { admissionDue } from './admission-due.ts';
import { assemblyRequested } from './assembly.ts';
import { chunkRequested } from './chunk.ts';
import type { Ports } from './outcome.ts';
import { generationRequested } from './requested.ts';

const objects = openObjects(settingsFrom());

const ports = ({ redis }: HandlerContext): Ports => ({
  objects,
  redis,
  admission: (priority) => admissionOf(redis, priority),
  admissionName: ADMISSION_DEFAULTS.name,
  now: () => new Date().toISOString(),
});

export const handler = createConsumer('bulk-qr-processing', {
  'bulk.qr.generation.requested': (event, context) => generationRequested(event, ports(context)),
  'bulk.qr.chunk.requested': (event, context) => chunkRequested(event, ports(context)),
  'bulk.qr.assembly.requested': (event, context) => assemblyRequested(event, ports(context)),
  'bulk.qr.admission.due': (event, context) => admissionDue(event, ports(context)),
});
