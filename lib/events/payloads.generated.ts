// Made from schemas/*.avsc by `npm run generate`. Do not edit.

/** The last chunk of a batch is done: its zip is to be written */
export interface BulkQrAssemblyRequested {
  /** The batch; its items lie under batches/{batchId}/ */
  readonly batchId: string;
  /** Who asked for the batch and sees its progress */
  readonly userId: string;
}

/** {@link BulkQrAssemblyRequested} as it is made: what has a default may be left out. */
export interface BulkQrAssemblyRequestedInput {
  /** The batch; its items lie under batches/{batchId}/ */
  readonly batchId: string;
  /** Who asked for the batch and sees its progress */
  readonly userId: string;
}

/** One chunk of a planned batch is to be rendered; what is in it says the batch's plan */
export interface BulkQrChunkRequested {
  /** The batch; its items lie under batches/{batchId}/ */
  readonly batchId: string;
  /** Who asked for the batch and sees its progress */
  readonly userId: string;
  /** Number of the chunk in the batch's plan, from 0 */
  readonly chunk: number;
  /** high overtakes the backlog of normal batches */
  readonly priority: 'normal' | 'high';
}

/** {@link BulkQrChunkRequested} as it is made: what has a default may be left out. */
export interface BulkQrChunkRequestedInput {
  /** The batch; its items lie under batches/{batchId}/ */
  readonly batchId: string;
  /** Who asked for the batch and sees its progress */
  readonly userId: string;
  /** Number of the chunk in the batch's plan, from 0 */
  readonly chunk: number;
  /** high overtakes the backlog of normal batches */
  readonly priority?: 'normal' | 'high';
}

/** A batch is done and its zip can be downloaded */
export interface BulkQrGenerationCompleted {
  /** The batch; its items lie under batches/{batchId}/ */
  readonly batchId: string;
  /** Who asked for the batch and sees its progress */
  readonly userId: string;
  /** completed_with_errors when some items stand in errors.csv instead */
  readonly status: 'completed' | 'completed_with_errors';
  /** Items of the batch */
  readonly itemCount: number;
  /** Items with an image in the zip */
  readonly succeeded: number;
  /** Items in errors.csv */
  readonly failed: number;
  /** Object key of the zip */
  readonly zipKey: string;
  /** Size of the zip, bytes */
  readonly zipBytes: number;
  /** When the request was published, ISO 8601, UTC */
  readonly requestedAt: string;
  /** When the zip was whole, ISO 8601, UTC */
  readonly completedAt: string;
}

/** {@link BulkQrGenerationCompleted} as it is made: what has a default may be left out. */
export interface BulkQrGenerationCompletedInput {
  /** The batch; its items lie under batches/{batchId}/ */
  readonly batchId: string;
  /** Who asked for the batch and sees its progress */
  readonly userId: string;
  /** completed_with_errors when some items stand in errors.csv instead */
  readonly status: 'completed' | 'completed_with_errors';
  /** Items of the batch */
  readonly itemCount: number;
  /** Items with an image in the zip */
  readonly succeeded: number;
  /** Items in errors.csv */
  readonly failed: number;
  /** Object key of the zip */
  readonly zipKey: string;
  /** Size of the zip, bytes */
  readonly zipBytes: number;
  /** When the request was published, ISO 8601, UTC */
  readonly requestedAt: string;
  /** When the zip was whole, ISO 8601, UTC */
  readonly completedAt: string;
}

/** A batch could not be made */
export interface BulkQrGenerationFailed {
  /** The batch; its items lie under batches/{batchId}/ */
  readonly batchId: string;
  /** Who asked for the batch and sees its progress */
  readonly userId: string;
  /** Error code, one of lib/errors.ts */
  readonly code: string;
  /** Why, in a sentence for the user */
  readonly reason: string;
  /** ISO 8601, UTC */
  readonly failedAt: string;
}

/** {@link BulkQrGenerationFailed} as it is made: what has a default may be left out. */
export interface BulkQrGenerationFailedInput {
  /** The batch; its items lie under batches/{batchId}/ */
  readonly batchId: string;
  /** Who asked for the batch and sees its progress */
  readonly userId: string;
  /** Error code, one of lib/errors.ts */
  readonly code: string;
  /** Why, in a sentence for the user */
  readonly reason: string;
  /** ISO 8601, UTC */
  readonly failedAt: string;
}

/** A user asks for a batch of QR codes. Items: batches/{batchId}/items.ndjson or items.csv; template: templates/{templateId}.json */
export interface BulkQrGenerationRequested {
  /** The batch; its items lie under batches/{batchId}/ */
  readonly batchId: string;
  /** Who asked for the batch and sees its progress */
  readonly userId: string;
  /** The template; read from templates/{templateId}.json */
  readonly templateId: string;
  /** Items the requester put there; a different number found fails the batch */
  readonly itemCount: number;
  /** high overtakes the backlog of normal batches */
  readonly priority: 'normal' | 'high';
}

/** {@link BulkQrGenerationRequested} as it is made: what has a default may be left out. */
export interface BulkQrGenerationRequestedInput {
  /** The batch; its items lie under batches/{batchId}/ */
  readonly batchId: string;
  /** Who asked for the batch and sees its progress */
  readonly userId: string;
  /** The template; read from templates/{templateId}.json */
  readonly templateId: string;
  /** Items the requester put there; a different number found fails the batch */
  readonly itemCount: number;
  /** high overtakes the backlog of normal batches */
  readonly priority?: 'normal' | 'high';
}

/** Somebody scanned, or opened, a QR code */
export interface QrScanned {
  /** The code; absent for actions that concern no single code */
  readonly qrId: null | string;
  /** The code's owner */
  readonly userId: string;
  /** What was done: scan, open, download, ... */
  readonly action: string;
  /** Address of the visitor; hashed by the consumer, never stored */
  readonly ip: null | string;
  /** The visitor's User-Agent header */
  readonly userAgent: null | string;
  /** The visitor's Referer header */
  readonly referrer: null | string;
  /** ISO 3166-1 alpha-2 */
  readonly country: null | string;
  /** City name */
  readonly city: null | string;
  /** When, ISO 8601, UTC; the event's timestamp when absent */
  readonly scannedAt: null | string;
}

/** {@link QrScanned} as it is made: what has a default may be left out. */
export interface QrScannedInput {
  /** The code; absent for actions that concern no single code */
  readonly qrId?: null | string;
  /** The code's owner */
  readonly userId: string;
  /** What was done: scan, open, download, ... */
  readonly action: string;
  /** Address of the visitor; hashed by the consumer, never stored */
  readonly ip?: null | string;
  /** The visitor's User-Agent header */
  readonly userAgent?: null | string;
  /** The visitor's Referer header */
  readonly referrer?: null | string;
  /** ISO 3166-1 alpha-2 */
  readonly country?: null | string;
  /** City name */
  readonly city?: null | string;
  /** When, ISO 8601, UTC; the event's timestamp when absent */
  readonly scannedAt?: null | string;
}

export interface EventPayloads {
  readonly 'bulk.qr.assembly.requested': BulkQrAssemblyRequested;
  readonly 'bulk.qr.chunk.requested': BulkQrChunkRequested;
  readonly 'bulk.qr.generation.completed': BulkQrGenerationCompleted;
  readonly 'bulk.qr.generation.failed': BulkQrGenerationFailed;
  readonly 'bulk.qr.generation.requested': BulkQrGenerationRequested;
  readonly 'qr.scanned': QrScanned;
}

export interface EventInputs {
  readonly 'bulk.qr.assembly.requested': BulkQrAssemblyRequestedInput;
  readonly 'bulk.qr.chunk.requested': BulkQrChunkRequestedInput;
  readonly 'bulk.qr.generation.completed': BulkQrGenerationCompletedInput;
  readonly 'bulk.qr.generation.failed': BulkQrGenerationFailedInput;
  readonly 'bulk.qr.generation.requested': BulkQrGenerationRequestedInput;
  readonly 'qr.scanned': QrScannedInput;
}
