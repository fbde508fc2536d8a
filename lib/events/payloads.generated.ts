// Made from schemas/*.avsc by `npm run generate`. Do not edit.

/** A minute has closed: its rollup rows are to go out */
export interface AnalyticsRollupRequested {
  /** Start of the minute that follows the closed one, ISO 8601, UTC */
  readonly minute: string;
}

/** {@link AnalyticsRollupRequested} as it is made: what has a default may be left out. */
export interface AnalyticsRollupRequestedInput {
  /** Start of the minute that follows the closed one, ISO 8601, UTC */
  readonly minute: string;
}

/** Scans of one code, or of all codes of a user, in one minute, hour or day, for the history; a later revision replaces the row */
export interface AnalyticsRollupUpdated {
  /** The code; empty in rows of all codes of a user */
  readonly qrId: string;
  /** The code's owner, or the user */
  readonly userId: string;
  /** First minute of the period, ISO 8601, UTC */
  readonly minute: string;
  /** Grows when late scans correct the row */
  readonly revision: number;
  /** Scans, bots left out */
  readonly scans: number;
  /** Requests of bots */
  readonly bots: number;
  /** Unique visitors, about */
  readonly visitors: number;
  /** Scans by country, ISO 3166-1 alpha-2 */
  readonly countries: Readonly<Record<string, number>>;
  /** Scans by kind of device */
  readonly devices: Readonly<Record<string, number>>;
  /** Scans by the referrer's host */
  readonly referrers: Readonly<Record<string, number>>;
  /** minute, hour or day */
  readonly period: string;
  /** 0, or the hour in which late scans came, in hours since 1970: the parts of a period add up */
  readonly part: number;
  /** The user, in rows of all codes of a user; empty in rows of a code */
  readonly allCodesOf: string;
  /** Scans by operating system, in rows of a day */
  readonly systems: Readonly<Record<string, number>>;
  /** Scans by browser, in rows of a day */
  readonly browsers: Readonly<Record<string, number>>;
  /** Scans by action, in rows of a day */
  readonly actions: Readonly<Record<string, number>>;
}

/** {@link AnalyticsRollupUpdated} as it is made: what has a default may be left out. */
export interface AnalyticsRollupUpdatedInput {
  /** The code; empty in rows of all codes of a user */
  readonly qrId: string;
  /** The code's owner, or the user */
  readonly userId: string;
  /** First minute of the period, ISO 8601, UTC */
  readonly minute: string;
  /** Grows when late scans correct the row */
  readonly revision?: number;
  /** Scans, bots left out */
  readonly scans: number;
  /** Requests of bots */
  readonly bots?: number;
  /** Unique visitors, about */
  readonly visitors: number;
  /** Scans by country, ISO 3166-1 alpha-2 */
  readonly countries?: Readonly<Record<string, number>>;
  /** Scans by kind of device */
  readonly devices?: Readonly<Record<string, number>>;
  /** Scans by the referrer's host */
  readonly referrers?: Readonly<Record<string, number>>;
  /** minute, hour or day */
  readonly period?: string;
  /** 0, or the hour in which late scans came, in hours since 1970: the parts of a period add up */
  readonly part?: number;
  /** The user, in rows of all codes of a user; empty in rows of a code */
  readonly allCodesOf?: string;
  /** Scans by operating system, in rows of a day */
  readonly systems?: Readonly<Record<string, number>>;
  /** Scans by browser, in rows of a day */
  readonly browsers?: Readonly<Record<string, number>>;
  /** Scans by action, in rows of a day */
  readonly actions?: Readonly<Record<string, number>>;
}

/** Somebody did something that is to be remembered */
export interface AuditRecorded {
  /** Whose data it concerns */
  readonly tenantId: null | string;
  /** Who did it: a user, or a service */
  readonly actor: string;
  /** Dotted, e.g. team.member.removed */
  readonly action: string;
  /** On what, e.g. team/42 */
  readonly resource: string;
  /** JSON of what it was */
  readonly before: null | string;
  /** JSON of what it became */
  readonly after: null | string;
  /** Salted hash of the address it came from */
  readonly ipHash: null | string;
  /** When, ISO 8601, UTC */
  readonly at: string;
}

/** {@link AuditRecorded} as it is made: what has a default may be left out. */
export interface AuditRecordedInput {
  /** Whose data it concerns */
  readonly tenantId?: null | string;
  /** Who did it: a user, or a service */
  readonly actor: string;
  /** Dotted, e.g. team.member.removed */
  readonly action: string;
  /** On what, e.g. team/42 */
  readonly resource: string;
  /** JSON of what it was */
  readonly before?: null | string;
  /** JSON of what it became */
  readonly after?: null | string;
  /** Salted hash of the address it came from */
  readonly ipHash?: null | string;
  /** When, ISO 8601, UTC */
  readonly at: string;
}

/** Time to look after batches that nothing else would wake: tasks whose leases ran out, assemblies that were lost */
export interface BulkQrAdmissionDue {
  /** Start of the minute in which it is due, ISO 8601, UTC */
  readonly minute: string;
}

/** {@link BulkQrAdmissionDue} as it is made: what has a default may be left out. */
export interface BulkQrAdmissionDueInput {
  /** Start of the minute in which it is due, ISO 8601, UTC */
  readonly minute: string;
}

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

/** A certificate will end */
export interface CertificateRenewalDue {
  /** Fully qualified, lower case, without trailing dot */
  readonly domain: string;
  /** The domain's owner */
  readonly userId: string;
  /** Days until then */
  readonly daysLeft: number;
}

/** {@link CertificateRenewalDue} as it is made: what has a default may be left out. */
export interface CertificateRenewalDueInput {
  /** Fully qualified, lower case, without trailing dot */
  readonly domain: string;
  /** The domain's owner */
  readonly userId: string;
  /** Days until then */
  readonly daysLeft: number;
}

/** A certificate is wanted for a verified domain */
export interface CertificateRequested {
  /** Fully qualified, lower case, without trailing dot */
  readonly domain: string;
  /** The domain's owner */
  readonly userId: string;
}

/** {@link CertificateRequested} as it is made: what has a default may be left out. */
export interface CertificateRequestedInput {
  /** Fully qualified, lower case, without trailing dot */
  readonly domain: string;
  /** The domain's owner */
  readonly userId: string;
}

/** The authority is to be asked how far a certificate is */
export interface CertificateStatusRequested {
  /** Fully qualified, lower case, without trailing dot */
  readonly domain: string;
  /** The domain's owner */
  readonly userId: string;
  /** How often it was looked at before */
  readonly attempt: number;
}

/** {@link CertificateStatusRequested} as it is made: what has a default may be left out. */
export interface CertificateStatusRequestedInput {
  /** Fully qualified, lower case, without trailing dot */
  readonly domain: string;
  /** The domain's owner */
  readonly userId: string;
  /** How often it was looked at before */
  readonly attempt?: number;
}

/** A reviewer has approved it */
export interface ContentApproved {
  /** The content */
  readonly contentId: string;
  /** The content's owner */
  readonly userId: string;
  /** The user who did it */
  readonly actorId: string;
  /** Version of the content it speaks of; an older one than is known is a conflict */
  readonly version: number;
}

/** {@link ContentApproved} as it is made: what has a default may be left out. */
export interface ContentApprovedInput {
  /** The content */
  readonly contentId: string;
  /** The content's owner */
  readonly userId: string;
  /** The user who did it */
  readonly actorId: string;
  /** Version of the content it speaks of; an older one than is known is a conflict */
  readonly version: number;
}

/** It is put away for good */
export interface ContentArchived {
  /** The content */
  readonly contentId: string;
  /** The content's owner */
  readonly userId: string;
  /** The user who did it */
  readonly actorId: string;
  /** Version of the content it speaks of; an older one than is known is a conflict */
  readonly version: number;
}

/** {@link ContentArchived} as it is made: what has a default may be left out. */
export interface ContentArchivedInput {
  /** The content */
  readonly contentId: string;
  /** The content's owner */
  readonly userId: string;
  /** The user who did it */
  readonly actorId: string;
  /** Version of the content it speaks of; an older one than is known is a conflict */
  readonly version: number;
}

/** It is to be seen from now on */
export interface ContentPublished {
  /** The content */
  readonly contentId: string;
  /** The content's owner */
  readonly userId: string;
  /** The user who did it */
  readonly actorId: string;
  /** Version of the content it speaks of; an older one than is known is a conflict */
  readonly version: number;
  /** The code that leads to it */
  readonly qrId: string;
  /** URL the code leads to; the landing page when absent */
  readonly destination: null | string;
  /** Landing page, HTML */
  readonly page: null | string;
}

/** {@link ContentPublished} as it is made: what has a default may be left out. */
export interface ContentPublishedInput {
  /** The content */
  readonly contentId: string;
  /** The content's owner */
  readonly userId: string;
  /** The user who did it */
  readonly actorId: string;
  /** Version of the content it speaks of; an older one than is known is a conflict */
  readonly version: number;
  /** The code that leads to it */
  readonly qrId: string;
  /** URL the code leads to; the landing page when absent */
  readonly destination?: null | string;
  /** Landing page, HTML */
  readonly page?: null | string;
}

/** A reviewer wants changes */
export interface ContentRejected {
  /** The content */
  readonly contentId: string;
  /** The content's owner */
  readonly userId: string;
  /** The user who did it */
  readonly actorId: string;
  /** Version of the content it speaks of; an older one than is known is a conflict */
  readonly version: number;
  /** What is to change */
  readonly reason: string;
}

/** {@link ContentRejected} as it is made: what has a default may be left out. */
export interface ContentRejectedInput {
  /** The content */
  readonly contentId: string;
  /** The content's owner */
  readonly userId: string;
  /** The user who did it */
  readonly actorId: string;
  /** Version of the content it speaks of; an older one than is known is a conflict */
  readonly version: number;
  /** What is to change */
  readonly reason: string;
}

/** It is to be published later */
export interface ContentScheduled {
  /** The content */
  readonly contentId: string;
  /** The content's owner */
  readonly userId: string;
  /** The user who did it */
  readonly actorId: string;
  /** Version of the content it speaks of; an older one than is known is a conflict */
  readonly version: number;
  /** When, ISO 8601, UTC */
  readonly publishAt: string;
  /** The code that leads to it */
  readonly qrId: string;
  /** URL the code leads to; the landing page when absent */
  readonly destination: null | string;
  /** Landing page, HTML */
  readonly page: null | string;
}

/** {@link ContentScheduled} as it is made: what has a default may be left out. */
export interface ContentScheduledInput {
  /** The content */
  readonly contentId: string;
  /** The content's owner */
  readonly userId: string;
  /** The user who did it */
  readonly actorId: string;
  /** Version of the content it speaks of; an older one than is known is a conflict */
  readonly version: number;
  /** When, ISO 8601, UTC */
  readonly publishAt: string;
  /** The code that leads to it */
  readonly qrId: string;
  /** URL the code leads to; the landing page when absent */
  readonly destination?: null | string;
  /** Landing page, HTML */
  readonly page?: null | string;
}

/** Content is ready for review */
export interface ContentSubmitted {
  /** The content */
  readonly contentId: string;
  /** The content's owner */
  readonly userId: string;
  /** The user who did it */
  readonly actorId: string;
  /** Version of the content it speaks of; an older one than is known is a conflict */
  readonly version: number;
  /** For people */
  readonly title: null | string;
  /** The code that leads to it */
  readonly qrId: null | string;
}

/** {@link ContentSubmitted} as it is made: what has a default may be left out. */
export interface ContentSubmittedInput {
  /** The content */
  readonly contentId: string;
  /** The content's owner */
  readonly userId: string;
  /** The user who did it */
  readonly actorId: string;
  /** Version of the content it speaks of; an older one than is known is a conflict */
  readonly version: number;
  /** For people */
  readonly title?: null | string;
  /** The code that leads to it */
  readonly qrId?: null | string;
}

/** It is not to be seen any more */
export interface ContentUnpublished {
  /** The content */
  readonly contentId: string;
  /** The content's owner */
  readonly userId: string;
  /** The user who did it */
  readonly actorId: string;
  /** Version of the content it speaks of; an older one than is known is a conflict */
  readonly version: number;
}

/** {@link ContentUnpublished} as it is made: what has a default may be left out. */
export interface ContentUnpublishedInput {
  /** The content */
  readonly contentId: string;
  /** The content's owner */
  readonly userId: string;
  /** The user who did it */
  readonly actorId: string;
  /** Version of the content it speaks of; an older one than is known is a conflict */
  readonly version: number;
}

/** A user wants to use a domain */
export interface DomainAdded {
  /** Fully qualified, lower case, without trailing dot */
  readonly domain: string;
  /** The domain's owner */
  readonly userId: string;
  /** Name its CNAME is to point to; ours when absent */
  readonly target: null | string;
}

/** {@link DomainAdded} as it is made: what has a default may be left out. */
export interface DomainAddedInput {
  /** Fully qualified, lower case, without trailing dot */
  readonly domain: string;
  /** The domain's owner */
  readonly userId: string;
  /** Name its CNAME is to point to; ours when absent */
  readonly target?: null | string;
}

/** The domain's records are to be looked up */
export interface DomainVerificationRequested {
  /** Fully qualified, lower case, without trailing dot */
  readonly domain: string;
  /** The domain's owner */
  readonly userId: string;
  /** How often it was looked at before */
  readonly attempt: number;
}

/** {@link DomainVerificationRequested} as it is made: what has a default may be left out. */
export interface DomainVerificationRequestedInput {
  /** Fully qualified, lower case, without trailing dot */
  readonly domain: string;
  /** The domain's owner */
  readonly userId: string;
  /** How often it was looked at before */
  readonly attempt?: number;
}

/** What became of an uploaded file */
export interface FileProcessed {
  /** The file */
  readonly fileId: string;
  /** Who uploaded it */
  readonly userId: string;
  /** As it was uploaded */
  readonly purpose: string;
  /** Whether it can be used */
  readonly status: 'processed' | 'rejected';
  /** Type by content, MIME */
  readonly contentType: null | string;
  /** Object keys of what was made of it */
  readonly outputs: readonly (string)[];
  /** csv-import: the batch that was requested */
  readonly batchId: null | string;
  /** csv-import: valid rows */
  readonly rows: null | number;
  /** csv-import: rows in the error report */
  readonly rowErrors: null | number;
  /** Why it was rejected */
  readonly reason: null | string;
}

/** {@link FileProcessed} as it is made: what has a default may be left out. */
export interface FileProcessedInput {
  /** The file */
  readonly fileId: string;
  /** Who uploaded it */
  readonly userId: string;
  /** As it was uploaded */
  readonly purpose: string;
  /** Whether it can be used */
  readonly status: 'processed' | 'rejected';
  /** Type by content, MIME */
  readonly contentType?: null | string;
  /** Object keys of what was made of it */
  readonly outputs?: readonly (string)[];
  /** csv-import: the batch that was requested */
  readonly batchId?: null | string;
  /** csv-import: valid rows */
  readonly rows?: null | number;
  /** csv-import: rows in the error report */
  readonly rowErrors?: null | number;
  /** Why it was rejected */
  readonly reason?: null | string;
}

/** A file lies in object storage and is to be looked at */
export interface FileUploaded {
  /** The file */
  readonly fileId: string;
  /** Who uploaded it */
  readonly userId: string;
  /** Its object key */
  readonly key: string;
  /** csv-import, logo, image or document */
  readonly purpose: string;
  /** Its name on the user's machine; for people only */
  readonly fileName: null | string;
  /** csv-import: template of the batch that is made of the rows */
  readonly templateId: null | string;
  /** csv-import: the file's column for each of id, data and label, where they have other names */
  readonly columns: Readonly<Record<string, string>>;
  /** csv-import: priority of the batch */
  readonly priority: 'normal' | 'high';
}

/** {@link FileUploaded} as it is made: what has a default may be left out. */
export interface FileUploadedInput {
  /** The file */
  readonly fileId: string;
  /** Who uploaded it */
  readonly userId: string;
  /** Its object key */
  readonly key: string;
  /** csv-import, logo, image or document */
  readonly purpose: string;
  /** Its name on the user's machine; for people only */
  readonly fileName?: null | string;
  /** csv-import: template of the batch that is made of the rows */
  readonly templateId?: null | string;
  /** csv-import: the file's column for each of id, data and label, where they have other names */
  readonly columns?: Readonly<Record<string, string>>;
  /** csv-import: priority of the batch */
  readonly priority?: 'normal' | 'high';
}

/** A store says how many of a product it has */
export interface InventoryLevelChanged {
  /** The connected store */
  readonly storeId: string;
  /** Stock keeping unit, unique in the store */
  readonly sku: string;
  /** Grows with every change of this product in the store; a lower one than is known is late and ignored */
  readonly version: number;
  /** When it changed in the store, ISO 8601, UTC */
  readonly updatedAt: string;
  /** The user it concerns */
  readonly userId: string;
  /** Items that can be sold */
  readonly available: number;
}

/** {@link InventoryLevelChanged} as it is made: what has a default may be left out. */
export interface InventoryLevelChangedInput {
  /** The connected store */
  readonly storeId: string;
  /** Stock keeping unit, unique in the store */
  readonly sku: string;
  /** Grows with every change of this product in the store; a lower one than is known is late and ignored */
  readonly version: number;
  /** When it changed in the store, ISO 8601, UTC */
  readonly updatedAt: string;
  /** The user it concerns */
  readonly userId: string;
  /** Items that can be sold */
  readonly available: number;
}

/** An address did not take a message, or its owner complained */
export interface NotificationBounced {
  /** E-mail address or number */
  readonly address: string;
  /** What came back */
  readonly kind: 'bounce' | 'complaint';
  /** Whether the address will never take one */
  readonly permanent: boolean;
  /** The provider's words */
  readonly reason: null | string;
  /** Whose address it is, when known */
  readonly userId: null | string;
}

/** {@link NotificationBounced} as it is made: what has a default may be left out. */
export interface NotificationBouncedInput {
  /** E-mail address or number */
  readonly address: string;
  /** What came back */
  readonly kind: 'bounce' | 'complaint';
  /** Whether the address will never take one */
  readonly permanent: boolean;
  /** The provider's words */
  readonly reason?: null | string;
  /** Whose address it is, when known */
  readonly userId?: null | string;
}

/** How a user can be reached, and with what */
export interface NotificationPreferencesChanged {
  /** The user it concerns */
  readonly userId: string;
  /** E-mail address; here as in the fields after it, null leaves what is known and an empty text removes it */
  readonly email: null | string;
  /** Telephone number, E.164 */
  readonly phone: null | string;
  /** Where webhooks go, https */
  readonly webhookUrl: null | string;
  /** Secret of the webhooks, whsec_ and Base64 of 24 to 64 bytes */
  readonly webhookSecret: null | string;
  /** BCP 47 */
  readonly locale: null | string;
  /** Channels switched on or off (email, sms, webhook, in-app); those not named stay as they are */
  readonly channels: Readonly<Record<string, boolean>>;
  /** What the user does not want any more: a category of templates (milestones), one on one channel (email:teams), a channel (sms:*); added to what is known */
  readonly unsubscribed: readonly (string)[];
  /** What the user wants again, named as in unsubscribed; taken away from what is known */
  readonly resubscribed: readonly (string)[];
}

/** {@link NotificationPreferencesChanged} as it is made: what has a default may be left out. */
export interface NotificationPreferencesChangedInput {
  /** The user it concerns */
  readonly userId: string;
  /** E-mail address; here as in the fields after it, null leaves what is known and an empty text removes it */
  readonly email?: null | string;
  /** Telephone number, E.164 */
  readonly phone?: null | string;
  /** Where webhooks go, https */
  readonly webhookUrl?: null | string;
  /** Secret of the webhooks, whsec_ and Base64 of 24 to 64 bytes */
  readonly webhookSecret?: null | string;
  /** BCP 47 */
  readonly locale?: null | string;
  /** Channels switched on or off (email, sms, webhook, in-app); those not named stay as they are */
  readonly channels?: Readonly<Record<string, boolean>>;
  /** What the user does not want any more: a category of templates (milestones), one on one channel (email:teams), a channel (sms:*); added to what is known */
  readonly unsubscribed?: readonly (string)[];
  /** What the user wants again, named as in unsubscribed; taken away from what is known */
  readonly resubscribed?: readonly (string)[];
}

/** Somebody is to be told something */
export interface NotificationRequested {
  /** The user it concerns */
  readonly userId: string;
  /** email, sms, webhook or in-app */
  readonly channel: string;
  /** Name of a template in handlers/notifications/templates */
  readonly template: string;
  /** What the template's placeholders get */
  readonly data: Readonly<Record<string, string>>;
  /** BCP 47; English where the template has no such language */
  readonly locale: string;
  /** The same user, channel and key are told once; the event's id when absent */
  readonly dedupeKey: null | string;
  /** high is sent whatever the user's quiet preferences say, never against an unsubscribe */
  readonly priority: 'normal' | 'high';
  /** Address, number (E.164) or URL; the user's own when absent */
  readonly to: null | string;
  /** When it was first asked for, ISO 8601, UTC: set on one that waits for its webhook and comes again */
  readonly putOffSince: null | string;
}

/** {@link NotificationRequested} as it is made: what has a default may be left out. */
export interface NotificationRequestedInput {
  /** The user it concerns */
  readonly userId: string;
  /** email, sms, webhook or in-app */
  readonly channel: string;
  /** Name of a template in handlers/notifications/templates */
  readonly template: string;
  /** What the template's placeholders get */
  readonly data?: Readonly<Record<string, string>>;
  /** BCP 47; English where the template has no such language */
  readonly locale?: string;
  /** The same user, channel and key are told once; the event's id when absent */
  readonly dedupeKey?: null | string;
  /** high is sent whatever the user's quiet preferences say, never against an unsubscribe */
  readonly priority?: 'normal' | 'high';
  /** Address, number (E.164) or URL; the user's own when absent */
  readonly to?: null | string;
  /** When it was first asked for, ISO 8601, UTC: set on one that waits for its webhook and comes again */
  readonly putOffSince?: null | string;
}

/** Somebody has bought a product */
export interface OrderCreated {
  /** The connected store */
  readonly storeId: string;
  /** Stock keeping unit, unique in the store */
  readonly sku: string;
  /** The user it concerns */
  readonly userId: string;
  /** The store's order */
  readonly orderId: string;
  /** Items of this product */
  readonly quantity: number;
  /** When, ISO 8601, UTC */
  readonly createdAt: string;
}

/** {@link OrderCreated} as it is made: what has a default may be left out. */
export interface OrderCreatedInput {
  /** The connected store */
  readonly storeId: string;
  /** Stock keeping unit, unique in the store */
  readonly sku: string;
  /** The user it concerns */
  readonly userId: string;
  /** The store's order */
  readonly orderId: string;
  /** Items of this product */
  readonly quantity: number;
  /** When, ISO 8601, UTC */
  readonly createdAt: string;
}

/** A failed payment is to be asked for again */
export interface PaymentDunningDue {
  /** The payment provider's customer */
  readonly customerId: string;
  /** The user it concerns */
  readonly userId: string;
  /** The provider's payment */
  readonly paymentId: string;
  /** 1, 2 or 3: after 1, 3 and 7 days */
  readonly step: number;
  /** In the currency's minor unit, e.g. cents; never negative */
  readonly amount: number;
  /** ISO 4217, upper case */
  readonly currency: string;
}

/** {@link PaymentDunningDue} as it is made: what has a default may be left out. */
export interface PaymentDunningDueInput {
  /** The payment provider's customer */
  readonly customerId: string;
  /** The user it concerns */
  readonly userId: string;
  /** The provider's payment */
  readonly paymentId: string;
  /** 1, 2 or 3: after 1, 3 and 7 days */
  readonly step: number;
  /** In the currency's minor unit, e.g. cents; never negative */
  readonly amount: number;
  /** ISO 4217, upper case */
  readonly currency: string;
}

/** A payment could not be made */
export interface PaymentFailed {
  /** The payment provider's customer */
  readonly customerId: string;
  /** The user it concerns */
  readonly userId: string;
  /** The provider's id of this event: the same id is the same event, however often it is sent */
  readonly providerEventId: string;
  /** When the provider made the event, ISO 8601, UTC; what is older than what is known changes nothing */
  readonly createdAt: string;
  /** The provider's payment */
  readonly paymentId: string;
  /** In the currency's minor unit, e.g. cents; never negative */
  readonly amount: number;
  /** ISO 4217, upper case */
  readonly currency: string;
  /** The provider's code */
  readonly failureCode: null | string;
  /** The provider's words for the customer */
  readonly failureMessage: null | string;
}

/** {@link PaymentFailed} as it is made: what has a default may be left out. */
export interface PaymentFailedInput {
  /** The payment provider's customer */
  readonly customerId: string;
  /** The user it concerns */
  readonly userId: string;
  /** The provider's id of this event: the same id is the same event, however often it is sent */
  readonly providerEventId: string;
  /** When the provider made the event, ISO 8601, UTC; what is older than what is known changes nothing */
  readonly createdAt: string;
  /** The provider's payment */
  readonly paymentId: string;
  /** In the currency's minor unit, e.g. cents; never negative */
  readonly amount: number;
  /** ISO 4217, upper case */
  readonly currency: string;
  /** The provider's code */
  readonly failureCode?: null | string;
  /** The provider's words for the customer */
  readonly failureMessage?: null | string;
}

/** An entry of a customer's ledger, for the database: one debit and one credit of the same amount; the same entry is the same row */
export interface PaymentLedgerPosted {
  /** Of the customer and the provider's event that is booked: the same, however often it is told */
  readonly entryId: string;
  /** The payment provider's customer; no user is named */
  readonly customerId: string;
  /** payment or refund */
  readonly kind: string;
  /** The account that is debited: cash or refunds */
  readonly debitAccount: string;
  /** The account that is credited: revenue or cash */
  readonly creditAccount: string;
  /** Of both sides, in the currency's minor unit, e.g. cents; more than zero */
  readonly amount: number;
  /** ISO 4217, upper case */
  readonly currency: string;
  /** The provider's payment */
  readonly paymentId: string;
  /** The provider's refund, of a refund */
  readonly refundId: null | string;
  /** The provider's event that is booked */
  readonly providerEventId: string;
  /** When the provider made that event, ISO 8601, UTC: the day the money moved */
  readonly occurredAt: string;
}

/** {@link PaymentLedgerPosted} as it is made: what has a default may be left out. */
export interface PaymentLedgerPostedInput {
  /** Of the customer and the provider's event that is booked: the same, however often it is told */
  readonly entryId: string;
  /** The payment provider's customer; no user is named */
  readonly customerId: string;
  /** payment or refund */
  readonly kind: string;
  /** The account that is debited: cash or refunds */
  readonly debitAccount: string;
  /** The account that is credited: revenue or cash */
  readonly creditAccount: string;
  /** Of both sides, in the currency's minor unit, e.g. cents; more than zero */
  readonly amount: number;
  /** ISO 4217, upper case */
  readonly currency: string;
  /** The provider's payment */
  readonly paymentId: string;
  /** The provider's refund, of a refund */
  readonly refundId?: null | string;
  /** The provider's event that is booked */
  readonly providerEventId: string;
  /** When the provider made that event, ISO 8601, UTC: the day the money moved */
  readonly occurredAt: string;
}

/** A payment, or part of it, was given back */
export interface PaymentRefunded {
  /** The payment provider's customer */
  readonly customerId: string;
  /** The user it concerns */
  readonly userId: string;
  /** The provider's id of this event: the same id is the same event, however often it is sent */
  readonly providerEventId: string;
  /** When the provider made the event, ISO 8601, UTC; what is older than what is known changes nothing */
  readonly createdAt: string;
  /** The provider's payment */
  readonly paymentId: string;
  /** The provider's refund */
  readonly refundId: string;
  /** In the currency's minor unit, e.g. cents; never negative */
  readonly amount: number;
  /** ISO 4217, upper case */
  readonly currency: string;
  /** Why */
  readonly reason: null | string;
}

/** {@link PaymentRefunded} as it is made: what has a default may be left out. */
export interface PaymentRefundedInput {
  /** The payment provider's customer */
  readonly customerId: string;
  /** The user it concerns */
  readonly userId: string;
  /** The provider's id of this event: the same id is the same event, however often it is sent */
  readonly providerEventId: string;
  /** When the provider made the event, ISO 8601, UTC; what is older than what is known changes nothing */
  readonly createdAt: string;
  /** The provider's payment */
  readonly paymentId: string;
  /** The provider's refund */
  readonly refundId: string;
  /** In the currency's minor unit, e.g. cents; never negative */
  readonly amount: number;
  /** ISO 4217, upper case */
  readonly currency: string;
  /** Why */
  readonly reason?: null | string;
}

/** A payment was made */
export interface PaymentSucceeded {
  /** The payment provider's customer */
  readonly customerId: string;
  /** The user it concerns */
  readonly userId: string;
  /** The provider's id of this event: the same id is the same event, however often it is sent */
  readonly providerEventId: string;
  /** When the provider made the event, ISO 8601, UTC; what is older than what is known changes nothing */
  readonly createdAt: string;
  /** The provider's payment */
  readonly paymentId: string;
  /** In the currency's minor unit, e.g. cents; never negative */
  readonly amount: number;
  /** ISO 4217, upper case */
  readonly currency: string;
  /** The provider's invoice */
  readonly invoiceId: null | string;
  /** What was paid */
  readonly description: null | string;
}

/** {@link PaymentSucceeded} as it is made: what has a default may be left out. */
export interface PaymentSucceededInput {
  /** The payment provider's customer */
  readonly customerId: string;
  /** The user it concerns */
  readonly userId: string;
  /** The provider's id of this event: the same id is the same event, however often it is sent */
  readonly providerEventId: string;
  /** When the provider made the event, ISO 8601, UTC; what is older than what is known changes nothing */
  readonly createdAt: string;
  /** The provider's payment */
  readonly paymentId: string;
  /** In the currency's minor unit, e.g. cents; never negative */
  readonly amount: number;
  /** ISO 4217, upper case */
  readonly currency: string;
  /** The provider's invoice */
  readonly invoiceId?: null | string;
  /** What was paid */
  readonly description?: null | string;
}

/** A product is gone from its store */
export interface ProductDeleted {
  /** The connected store */
  readonly storeId: string;
  /** Stock keeping unit, unique in the store */
  readonly sku: string;
  /** Grows with every change of this product in the store; a lower one than is known is late and ignored */
  readonly version: number;
  /** When it changed in the store, ISO 8601, UTC */
  readonly updatedAt: string;
  /** The user it concerns */
  readonly userId: string;
}

/** {@link ProductDeleted} as it is made: what has a default may be left out. */
export interface ProductDeletedInput {
  /** The connected store */
  readonly storeId: string;
  /** Stock keeping unit, unique in the store */
  readonly sku: string;
  /** Grows with every change of this product in the store; a lower one than is known is late and ignored */
  readonly version: number;
  /** When it changed in the store, ISO 8601, UTC */
  readonly updatedAt: string;
  /** The user it concerns */
  readonly userId: string;
}

/** A full resync of its store is over: the product is gone unless it was part of it */
export interface ProductResyncChecked {
  /** The connected store */
  readonly storeId: string;
  /** Stock keeping unit, unique in the store */
  readonly sku: string;
  /** The user it concerns */
  readonly userId: string;
  /** The resync that is over */
  readonly resyncId: string;
  /** When it began, ISO 8601, UTC */
  readonly startedAt: string;
}

/** {@link ProductResyncChecked} as it is made: what has a default may be left out. */
export interface ProductResyncCheckedInput {
  /** The connected store */
  readonly storeId: string;
  /** Stock keeping unit, unique in the store */
  readonly sku: string;
  /** The user it concerns */
  readonly userId: string;
  /** The resync that is over */
  readonly resyncId: string;
  /** When it began, ISO 8601, UTC */
  readonly startedAt: string;
}

/** A product of a store is new or has changed */
export interface ProductUpdated {
  /** The connected store */
  readonly storeId: string;
  /** Stock keeping unit, unique in the store */
  readonly sku: string;
  /** Grows with every change of this product in the store; a lower one than is known is late and ignored */
  readonly version: number;
  /** When it changed in the store, ISO 8601, UTC */
  readonly updatedAt: string;
  /** The user it concerns */
  readonly userId: string;
  /** Its name */
  readonly title: string;
  /** Minor units */
  readonly price: null | number;
  /** ISO 4217, upper case */
  readonly currency: null | string;
  /** Its page */
  readonly url: null | string;
  /** The code that leads to it */
  readonly qrId: null | string;
  /** Where the code leads while it is out of stock */
  readonly fallbackUrl: null | string;
  /** Stock at which the owner is warned */
  readonly lowStockAt: null | number;
  /** The full resync it is part of */
  readonly resyncId: null | string;
}

/** {@link ProductUpdated} as it is made: what has a default may be left out. */
export interface ProductUpdatedInput {
  /** The connected store */
  readonly storeId: string;
  /** Stock keeping unit, unique in the store */
  readonly sku: string;
  /** Grows with every change of this product in the store; a lower one than is known is late and ignored */
  readonly version: number;
  /** When it changed in the store, ISO 8601, UTC */
  readonly updatedAt: string;
  /** The user it concerns */
  readonly userId: string;
  /** Its name */
  readonly title: string;
  /** Minor units */
  readonly price?: null | number;
  /** ISO 4217, upper case */
  readonly currency?: null | string;
  /** Its page */
  readonly url?: null | string;
  /** The code that leads to it */
  readonly qrId?: null | string;
  /** Where the code leads while it is out of stock */
  readonly fallbackUrl?: null | string;
  /** Stock at which the owner is warned */
  readonly lowStockAt?: null | number;
  /** The full resync it is part of */
  readonly resyncId?: null | string;
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

/** Data older than a policy allows are to be deleted */
export interface RetentionSweepRequested {
  /** Name of a policy in handlers/data-retention/policies.ts */
  readonly policy: string;
  /** Where the sweep before has stopped */
  readonly cursor: null | string;
}

/** {@link RetentionSweepRequested} as it is made: what has a default may be left out. */
export interface RetentionSweepRequestedInput {
  /** Name of a policy in handlers/data-retention/policies.ts */
  readonly policy: string;
  /** Where the sweep before has stopped */
  readonly cursor?: null | string;
}

/** All products of a store have been sent once more; what was not among them is gone */
export interface StoreResyncCompleted {
  /** The connected store */
  readonly storeId: string;
  /** The user it concerns */
  readonly userId: string;
  /** The resync, as its products name it */
  readonly resyncId: string;
  /** When it began, ISO 8601, UTC */
  readonly startedAt: string;
  /** Set by the consumer of this topic only: the products up to this SKU have been checked already */
  readonly after: null | string;
}

/** {@link StoreResyncCompleted} as it is made: what has a default may be left out. */
export interface StoreResyncCompletedInput {
  /** The connected store */
  readonly storeId: string;
  /** The user it concerns */
  readonly userId: string;
  /** The resync, as its products name it */
  readonly resyncId: string;
  /** When it began, ISO 8601, UTC */
  readonly startedAt: string;
  /** Set by the consumer of this topic only: the products up to this SKU have been checked already */
  readonly after?: null | string;
}

/** A subscription ended, or will */
export interface SubscriptionCancelled {
  /** The payment provider's customer */
  readonly customerId: string;
  /** The user it concerns */
  readonly userId: string;
  /** The provider's id of this event: the same id is the same event, however often it is sent */
  readonly providerEventId: string;
  /** When the provider made the event, ISO 8601, UTC; what is older than what is known changes nothing */
  readonly createdAt: string;
  /** The provider's subscription */
  readonly subscriptionId: string;
  /** Plan as in lib/catalog/plans.ts: free, pro, business, enterprise */
  readonly plan: string;
  /** The provider's word: trialing, active, past_due, canceled, unpaid, ... */
  readonly status: string;
  /** Seats paid for; the plan's own number when absent */
  readonly seats: null | number;
  /** End of the period paid for, ISO 8601, UTC */
  readonly currentPeriodEnd: null | string;
  /** When it ends, ISO 8601, UTC; at once when absent */
  readonly endsAt: null | string;
}

/** {@link SubscriptionCancelled} as it is made: what has a default may be left out. */
export interface SubscriptionCancelledInput {
  /** The payment provider's customer */
  readonly customerId: string;
  /** The user it concerns */
  readonly userId: string;
  /** The provider's id of this event: the same id is the same event, however often it is sent */
  readonly providerEventId: string;
  /** When the provider made the event, ISO 8601, UTC; what is older than what is known changes nothing */
  readonly createdAt: string;
  /** The provider's subscription */
  readonly subscriptionId: string;
  /** Plan as in lib/catalog/plans.ts: free, pro, business, enterprise */
  readonly plan: string;
  /** The provider's word: trialing, active, past_due, canceled, unpaid, ... */
  readonly status?: string;
  /** Seats paid for; the plan's own number when absent */
  readonly seats?: null | number;
  /** End of the period paid for, ISO 8601, UTC */
  readonly currentPeriodEnd?: null | string;
  /** When it ends, ISO 8601, UTC; at once when absent */
  readonly endsAt?: null | string;
}

/** A subscription began */
export interface SubscriptionCreated {
  /** The payment provider's customer */
  readonly customerId: string;
  /** The user it concerns */
  readonly userId: string;
  /** The provider's id of this event: the same id is the same event, however often it is sent */
  readonly providerEventId: string;
  /** When the provider made the event, ISO 8601, UTC; what is older than what is known changes nothing */
  readonly createdAt: string;
  /** The provider's subscription */
  readonly subscriptionId: string;
  /** Plan as in lib/catalog/plans.ts: free, pro, business, enterprise */
  readonly plan: string;
  /** The provider's word: trialing, active, past_due, canceled, unpaid, ... */
  readonly status: string;
  /** Seats paid for; the plan's own number when absent */
  readonly seats: null | number;
  /** End of the period paid for, ISO 8601, UTC */
  readonly currentPeriodEnd: null | string;
}

/** {@link SubscriptionCreated} as it is made: what has a default may be left out. */
export interface SubscriptionCreatedInput {
  /** The payment provider's customer */
  readonly customerId: string;
  /** The user it concerns */
  readonly userId: string;
  /** The provider's id of this event: the same id is the same event, however often it is sent */
  readonly providerEventId: string;
  /** When the provider made the event, ISO 8601, UTC; what is older than what is known changes nothing */
  readonly createdAt: string;
  /** The provider's subscription */
  readonly subscriptionId: string;
  /** Plan as in lib/catalog/plans.ts: free, pro, business, enterprise */
  readonly plan: string;
  /** The provider's word: trialing, active, past_due, canceled, unpaid, ... */
  readonly status?: string;
  /** Seats paid for; the plan's own number when absent */
  readonly seats?: null | number;
  /** End of the period paid for, ISO 8601, UTC */
  readonly currentPeriodEnd?: null | string;
}

/** The time has come at which a cancelled subscription ends: published by the schedule, never by a provider */
export interface SubscriptionEndedDue {
  /** The payment provider's customer */
  readonly customerId: string;
  /** The user it concerns */
  readonly userId: string;
  /** The provider's subscription */
  readonly subscriptionId: string;
  /** When it ends, ISO 8601, UTC, as the cancellation said; where the subscription says something else by now, nothing ends */
  readonly endsAt: string;
}

/** {@link SubscriptionEndedDue} as it is made: what has a default may be left out. */
export interface SubscriptionEndedDueInput {
  /** The payment provider's customer */
  readonly customerId: string;
  /** The user it concerns */
  readonly userId: string;
  /** The provider's subscription */
  readonly subscriptionId: string;
  /** When it ends, ISO 8601, UTC, as the cancellation said; where the subscription says something else by now, nothing ends */
  readonly endsAt: string;
}

/** A subscription changed */
export interface SubscriptionUpdated {
  /** The payment provider's customer */
  readonly customerId: string;
  /** The user it concerns */
  readonly userId: string;
  /** The provider's id of this event: the same id is the same event, however often it is sent */
  readonly providerEventId: string;
  /** When the provider made the event, ISO 8601, UTC; what is older than what is known changes nothing */
  readonly createdAt: string;
  /** The provider's subscription */
  readonly subscriptionId: string;
  /** Plan as in lib/catalog/plans.ts: free, pro, business, enterprise */
  readonly plan: string;
  /** The provider's word: trialing, active, past_due, canceled, unpaid, ... */
  readonly status: string;
  /** Seats paid for; the plan's own number when absent */
  readonly seats: null | number;
  /** End of the period paid for, ISO 8601, UTC */
  readonly currentPeriodEnd: null | string;
}

/** {@link SubscriptionUpdated} as it is made: what has a default may be left out. */
export interface SubscriptionUpdatedInput {
  /** The payment provider's customer */
  readonly customerId: string;
  /** The user it concerns */
  readonly userId: string;
  /** The provider's id of this event: the same id is the same event, however often it is sent */
  readonly providerEventId: string;
  /** When the provider made the event, ISO 8601, UTC; what is older than what is known changes nothing */
  readonly createdAt: string;
  /** The provider's subscription */
  readonly subscriptionId: string;
  /** Plan as in lib/catalog/plans.ts: free, pro, business, enterprise */
  readonly plan: string;
  /** The provider's word: trialing, active, past_due, canceled, unpaid, ... */
  readonly status?: string;
  /** Seats paid for; the plan's own number when absent */
  readonly seats?: null | number;
  /** End of the period paid for, ISO 8601, UTC */
  readonly currentPeriodEnd?: null | string;
}

/** A member has said something */
export interface TeamCommentAdded {
  /** The team */
  readonly teamId: string;
  /** The user who did it */
  readonly actorId: string;
  /** The comment */
  readonly commentId: string;
  /** What it is about, e.g. qr/abc */
  readonly resource: string;
  /** As typed */
  readonly text: string;
  /** Users it names */
  readonly mentions: readonly (string)[];
}

/** {@link TeamCommentAdded} as it is made: what has a default may be left out. */
export interface TeamCommentAddedInput {
  /** The team */
  readonly teamId: string;
  /** The user who did it */
  readonly actorId: string;
  /** The comment */
  readonly commentId: string;
  /** What it is about, e.g. qr/abc */
  readonly resource: string;
  /** As typed */
  readonly text: string;
  /** Users it names */
  readonly mentions?: readonly (string)[];
}

/** A team was made */
export interface TeamCreated {
  /** The team */
  readonly teamId: string;
  /** The user who did it */
  readonly actorId: string;
  /** Its name */
  readonly name: string;
  /** Its first owner */
  readonly ownerId: string;
}

/** {@link TeamCreated} as it is made: what has a default may be left out. */
export interface TeamCreatedInput {
  /** The team */
  readonly teamId: string;
  /** The user who did it */
  readonly actorId: string;
  /** Its name */
  readonly name: string;
  /** Its first owner */
  readonly ownerId: string;
}

/** Somebody was asked to join a team */
export interface TeamMemberInvited {
  /** The team */
  readonly teamId: string;
  /** The user who did it */
  readonly actorId: string;
  /** The invitation */
  readonly invitationId: string;
  /** Address it goes to */
  readonly email: string;
  /** owner, admin, editor or viewer */
  readonly role: string;
}

/** {@link TeamMemberInvited} as it is made: what has a default may be left out. */
export interface TeamMemberInvitedInput {
  /** The team */
  readonly teamId: string;
  /** The user who did it */
  readonly actorId: string;
  /** The invitation */
  readonly invitationId: string;
  /** Address it goes to */
  readonly email: string;
  /** owner, admin, editor or viewer */
  readonly role?: string;
}

/** Somebody has joined a team */
export interface TeamMemberJoined {
  /** The team */
  readonly teamId: string;
  /** The new member */
  readonly userId: string;
  /** The invitation that was accepted */
  readonly invitationId: null | string;
  /** owner, admin, editor or viewer; the invitation's where there is one */
  readonly role: string;
}

/** {@link TeamMemberJoined} as it is made: what has a default may be left out. */
export interface TeamMemberJoinedInput {
  /** The team */
  readonly teamId: string;
  /** The new member */
  readonly userId: string;
  /** The invitation that was accepted */
  readonly invitationId?: null | string;
  /** owner, admin, editor or viewer; the invitation's where there is one */
  readonly role?: string;
}

/** Somebody is to leave a team */
export interface TeamMemberRemoved {
  /** The team */
  readonly teamId: string;
  /** The user who did it */
  readonly actorId: string;
  /** The member */
  readonly userId: string;
}

/** {@link TeamMemberRemoved} as it is made: what has a default may be left out. */
export interface TeamMemberRemovedInput {
  /** The team */
  readonly teamId: string;
  /** The user who did it */
  readonly actorId: string;
  /** The member */
  readonly userId: string;
}

/** A member is to get another role */
export interface TeamMemberRoleChanged {
  /** The team */
  readonly teamId: string;
  /** The user who did it */
  readonly actorId: string;
  /** The member */
  readonly userId: string;
  /** owner, admin, editor or viewer */
  readonly role: string;
}

/** {@link TeamMemberRoleChanged} as it is made: what has a default may be left out. */
export interface TeamMemberRoleChangedInput {
  /** The team */
  readonly teamId: string;
  /** The user who did it */
  readonly actorId: string;
  /** The member */
  readonly userId: string;
  /** owner, admin, editor or viewer */
  readonly role: string;
}

/** A member has shared something with the team */
export interface TeamResourceShared {
  /** The team */
  readonly teamId: string;
  /** The user who did it */
  readonly actorId: string;
  /** What, e.g. qr/abc */
  readonly resource: string;
  /** view or edit */
  readonly access: string;
}

/** {@link TeamResourceShared} as it is made: what has a default may be left out. */
export interface TeamResourceSharedInput {
  /** The team */
  readonly teamId: string;
  /** The user who did it */
  readonly actorId: string;
  /** What, e.g. qr/abc */
  readonly resource: string;
  /** view or edit */
  readonly access?: string;
}

/** A user has made their first code */
export interface UserActivated {
  /** The user it concerns */
  readonly userId: string;
}

/** {@link UserActivated} as it is made: what has a default may be left out. */
export interface UserActivatedInput {
  /** The user it concerns */
  readonly userId: string;
}

/** A user has deleted their account */
export interface UserDeleted {
  /** The user it concerns */
  readonly userId: string;
  /** In their words */
  readonly reason: null | string;
}

/** {@link UserDeleted} as it is made: what has a default may be left out. */
export interface UserDeletedInput {
  /** The user it concerns */
  readonly userId: string;
  /** In their words */
  readonly reason?: null | string;
}

/** Everything of a user is to be deleted */
export interface UserErasureRequested {
  /** The user it concerns */
  readonly userId: string;
  /** Who asked: the user, or a person of support */
  readonly requestedBy: string;
  /** Why */
  readonly reason: null | string;
}

/** {@link UserErasureRequested} as it is made: what has a default may be left out. */
export interface UserErasureRequestedInput {
  /** The user it concerns */
  readonly userId: string;
  /** Who asked: the user, or a person of support */
  readonly requestedBy: string;
  /** Why */
  readonly reason?: null | string;
}

/** A user has not been seen for long */
export interface UserInactive {
  /** The user it concerns */
  readonly userId: string;
  /** ISO 8601, UTC */
  readonly lastSeenAt: string;
}

/** {@link UserInactive} as it is made: what has a default may be left out. */
export interface UserInactiveInput {
  /** The user it concerns */
  readonly userId: string;
  /** ISO 8601, UTC */
  readonly lastSeenAt: string;
}

/** The next step of the first days is to be sent */
export interface UserOnboardingDue {
  /** The user it concerns */
  readonly userId: string;
  /** tips or first-batch */
  readonly step: string;
}

/** {@link UserOnboardingDue} as it is made: what has a default may be left out. */
export interface UserOnboardingDueInput {
  /** The user it concerns */
  readonly userId: string;
  /** tips or first-batch */
  readonly step: string;
}

/** Somebody has made an account */
export interface UserRegistered {
  /** The user it concerns */
  readonly userId: string;
  /** E-mail address */
  readonly email: string;
  /** What to call them */
  readonly name: null | string;
  /** BCP 47 */
  readonly locale: string;
  /** Plan they begin with */
  readonly plan: string;
  /** ISO 8601, UTC */
  readonly trialEndsAt: null | string;
}

/** {@link UserRegistered} as it is made: what has a default may be left out. */
export interface UserRegisteredInput {
  /** The user it concerns */
  readonly userId: string;
  /** E-mail address */
  readonly email: string;
  /** What to call them */
  readonly name?: null | string;
  /** BCP 47 */
  readonly locale?: string;
  /** Plan they begin with */
  readonly plan?: string;
  /** ISO 8601, UTC */
  readonly trialEndsAt?: null | string;
}

/** A trial ends soon */
export interface UserTrialEnding {
  /** The user it concerns */
  readonly userId: string;
  /** ISO 8601, UTC */
  readonly trialEndsAt: string;
}

/** {@link UserTrialEnding} as it is made: what has a default may be left out. */
export interface UserTrialEndingInput {
  /** The user it concerns */
  readonly userId: string;
  /** ISO 8601, UTC */
  readonly trialEndsAt: string;
}

/** A user has a larger plan */
export interface UserUpgraded {
  /** The user it concerns */
  readonly userId: string;
  /** The new plan */
  readonly plan: string;
  /** The plan before */
  readonly from: null | string;
}

/** {@link UserUpgraded} as it is made: what has a default may be left out. */
export interface UserUpgradedInput {
  /** The user it concerns */
  readonly userId: string;
  /** The new plan */
  readonly plan: string;
  /** The plan before */
  readonly from?: null | string;
}

export interface EventPayloads {
  readonly 'analytics.rollup.requested': AnalyticsRollupRequested;
  readonly 'analytics.rollup.updated': AnalyticsRollupUpdated;
  readonly 'audit.recorded': AuditRecorded;
  readonly 'bulk.qr.admission.due': BulkQrAdmissionDue;
  readonly 'bulk.qr.assembly.requested': BulkQrAssemblyRequested;
  readonly 'bulk.qr.chunk.requested': BulkQrChunkRequested;
  readonly 'bulk.qr.generation.completed': BulkQrGenerationCompleted;
  readonly 'bulk.qr.generation.failed': BulkQrGenerationFailed;
  readonly 'bulk.qr.generation.requested': BulkQrGenerationRequested;
  readonly 'certificate.renewal.due': CertificateRenewalDue;
  readonly 'certificate.requested': CertificateRequested;
  readonly 'certificate.status.requested': CertificateStatusRequested;
  readonly 'content.approved': ContentApproved;
  readonly 'content.archived': ContentArchived;
  readonly 'content.published': ContentPublished;
  readonly 'content.rejected': ContentRejected;
  readonly 'content.scheduled': ContentScheduled;
  readonly 'content.submitted': ContentSubmitted;
  readonly 'content.unpublished': ContentUnpublished;
  readonly 'domain.added': DomainAdded;
  readonly 'domain.verification.requested': DomainVerificationRequested;
  readonly 'file.processed': FileProcessed;
  readonly 'file.uploaded': FileUploaded;
  readonly 'inventory.level.changed': InventoryLevelChanged;
  readonly 'notification.bounced': NotificationBounced;
  readonly 'notification.preferences.changed': NotificationPreferencesChanged;
  readonly 'notification.requested': NotificationRequested;
  readonly 'order.created': OrderCreated;
  readonly 'payment.dunning.due': PaymentDunningDue;
  readonly 'payment.failed': PaymentFailed;
  readonly 'payment.ledger.posted': PaymentLedgerPosted;
  readonly 'payment.refunded': PaymentRefunded;
  readonly 'payment.succeeded': PaymentSucceeded;
  readonly 'product.deleted': ProductDeleted;
  readonly 'product.resync.checked': ProductResyncChecked;
  readonly 'product.updated': ProductUpdated;
  readonly 'qr.scanned': QrScanned;
  readonly 'retention.sweep.requested': RetentionSweepRequested;
  readonly 'store.resync.completed': StoreResyncCompleted;
  readonly 'subscription.cancelled': SubscriptionCancelled;
  readonly 'subscription.created': SubscriptionCreated;
  readonly 'subscription.ended.due': SubscriptionEndedDue;
  readonly 'subscription.updated': SubscriptionUpdated;
  readonly 'team.comment.added': TeamCommentAdded;
  readonly 'team.created': TeamCreated;
  readonly 'team.member.invited': TeamMemberInvited;
  readonly 'team.member.joined': TeamMemberJoined;
  readonly 'team.member.removed': TeamMemberRemoved;
  readonly 'team.member.role_changed': TeamMemberRoleChanged;
  readonly 'team.resource.shared': TeamResourceShared;
  readonly 'user.activated': UserActivated;
  readonly 'user.deleted': UserDeleted;
  readonly 'user.erasure.requested': UserErasureRequested;
  readonly 'user.inactive': UserInactive;
  readonly 'user.onboarding.due': UserOnboardingDue;
  readonly 'user.registered': UserRegistered;
  readonly 'user.trial.ending': UserTrialEnding;
  readonly 'user.upgraded': UserUpgraded;
}

export interface EventInputs {
  readonly 'analytics.rollup.requested': AnalyticsRollupRequestedInput;
  readonly 'analytics.rollup.updated': AnalyticsRollupUpdatedInput;
  readonly 'audit.recorded': AuditRecordedInput;
  readonly 'bulk.qr.admission.due': BulkQrAdmissionDueInput;
  readonly 'bulk.qr.assembly.requested': BulkQrAssemblyRequestedInput;
  readonly 'bulk.qr.chunk.requested': BulkQrChunkRequestedInput;
  readonly 'bulk.qr.generation.completed': BulkQrGenerationCompletedInput;
  readonly 'bulk.qr.generation.failed': BulkQrGenerationFailedInput;
  readonly 'bulk.qr.generation.requested': BulkQrGenerationRequestedInput;
  readonly 'certificate.renewal.due': CertificateRenewalDueInput;
  readonly 'certificate.requested': CertificateRequestedInput;
  readonly 'certificate.status.requested': CertificateStatusRequestedInput;
  readonly 'content.approved': ContentApprovedInput;
  readonly 'content.archived': ContentArchivedInput;
  readonly 'content.published': ContentPublishedInput;
  readonly 'content.rejected': ContentRejectedInput;
  readonly 'content.scheduled': ContentScheduledInput;
  readonly 'content.submitted': ContentSubmittedInput;
  readonly 'content.unpublished': ContentUnpublishedInput;
  readonly 'domain.added': DomainAddedInput;
  readonly 'domain.verification.requested': DomainVerificationRequestedInput;
  readonly 'file.processed': FileProcessedInput;
  readonly 'file.uploaded': FileUploadedInput;
  readonly 'inventory.level.changed': InventoryLevelChangedInput;
  readonly 'notification.bounced': NotificationBouncedInput;
  readonly 'notification.preferences.changed': NotificationPreferencesChangedInput;
  readonly 'notification.requested': NotificationRequestedInput;
  readonly 'order.created': OrderCreatedInput;
  readonly 'payment.dunning.due': PaymentDunningDueInput;
  readonly 'payment.failed': PaymentFailedInput;
  readonly 'payment.ledger.posted': PaymentLedgerPostedInput;
  readonly 'payment.refunded': PaymentRefundedInput;
  readonly 'payment.succeeded': PaymentSucceededInput;
  readonly 'product.deleted': ProductDeletedInput;
  readonly 'product.resync.checked': ProductResyncCheckedInput;
  readonly 'product.updated': ProductUpdatedInput;
  readonly 'qr.scanned': QrScannedInput;
  readonly 'retention.sweep.requested': RetentionSweepRequestedInput;
  readonly 'store.resync.completed': StoreResyncCompletedInput;
  readonly 'subscription.cancelled': SubscriptionCancelledInput;
  readonly 'subscription.created': SubscriptionCreatedInput;
  readonly 'subscription.ended.due': SubscriptionEndedDueInput;
  readonly 'subscription.updated': SubscriptionUpdatedInput;
  readonly 'team.comment.added': TeamCommentAddedInput;
  readonly 'team.created': TeamCreatedInput;
  readonly 'team.member.invited': TeamMemberInvitedInput;
  readonly 'team.member.joined': TeamMemberJoinedInput;
  readonly 'team.member.removed': TeamMemberRemovedInput;
  readonly 'team.member.role_changed': TeamMemberRoleChangedInput;
  readonly 'team.resource.shared': TeamResourceSharedInput;
  readonly 'user.activated': UserActivatedInput;
  readonly 'user.deleted': UserDeletedInput;
  readonly 'user.erasure.requested': UserErasureRequestedInput;
  readonly 'user.inactive': UserInactiveInput;
  readonly 'user.onboarding.due': UserOnboardingDueInput;
  readonly 'user.registered': UserRegisteredInput;
  readonly 'user.trial.ending': UserTrialEndingInput;
  readonly 'user.upgraded': UserUpgradedInput;
}
