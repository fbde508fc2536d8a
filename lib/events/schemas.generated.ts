// Made from schemas/*.avsc by `npm run generate`. Do not edit.

import type { EventType } from '../catalog/index.ts';
import type { AvroRecord } from './avro-schema.ts';

/** The schema of each event type: the whole event, envelope included. */
export const SCHEMAS: Readonly<Record<EventType, AvroRecord>> = {
  "bulk.qr.assembly.requested": {
    "type": "record",
    "name": "BulkQrAssemblyRequested",
    "namespace": "io.qrsaas.events",
    "doc": "The last chunk of a batch is done: its zip is to be written",
    "fields": [
      {
        "name": "eventId",
        "type": "string",
        "doc": "UUID v7; the same id is the same event, however often it arrives"
      },
      {
        "name": "eventType",
        "type": "string",
        "default": "bulk.qr.assembly.requested",
        "doc": "Dotted, past tense or request"
      },
      {
        "name": "timestamp",
        "type": "string",
        "doc": "When it happened, ISO 8601, UTC"
      },
      {
        "name": "source",
        "type": "string",
        "doc": "The service that published it"
      },
      {
        "name": "version",
        "type": "string",
        "default": "1.0",
        "doc": "Version of the event type, major.minor"
      },
      {
        "name": "correlationId",
        "type": [
          "null",
          "string"
        ],
        "default": null,
        "doc": "Ties together everything that one request caused"
      },
      {
        "name": "causationId",
        "type": [
          "null",
          "string"
        ],
        "default": null,
        "doc": "eventId of the event while handling which this one was made"
      },
      {
        "name": "payload",
        "type": {
          "type": "record",
          "name": "BulkQrAssemblyRequestedPayload",
          "fields": [
            {
              "name": "batchId",
              "type": "string",
              "doc": "The batch; its items lie under batches/{batchId}/"
            },
            {
              "name": "userId",
              "type": "string",
              "doc": "Who asked for the batch and sees its progress"
            }
          ]
        }
      }
    ]
  },
  "bulk.qr.chunk.requested": {
    "type": "record",
    "name": "BulkQrChunkRequested",
    "namespace": "io.qrsaas.events",
    "doc": "One chunk of a planned batch is to be rendered; what is in it says the batch's plan",
    "fields": [
      {
        "name": "eventId",
        "type": "string",
        "doc": "UUID v7; the same id is the same event, however often it arrives"
      },
      {
        "name": "eventType",
        "type": "string",
        "default": "bulk.qr.chunk.requested",
        "doc": "Dotted, past tense or request"
      },
      {
        "name": "timestamp",
        "type": "string",
        "doc": "When it happened, ISO 8601, UTC"
      },
      {
        "name": "source",
        "type": "string",
        "doc": "The service that published it"
      },
      {
        "name": "version",
        "type": "string",
        "default": "1.0",
        "doc": "Version of the event type, major.minor"
      },
      {
        "name": "correlationId",
        "type": [
          "null",
          "string"
        ],
        "default": null,
        "doc": "Ties together everything that one request caused"
      },
      {
        "name": "causationId",
        "type": [
          "null",
          "string"
        ],
        "default": null,
        "doc": "eventId of the event while handling which this one was made"
      },
      {
        "name": "payload",
        "type": {
          "type": "record",
          "name": "BulkQrChunkRequestedPayload",
          "fields": [
            {
              "name": "batchId",
              "type": "string",
              "doc": "The batch; its items lie under batches/{batchId}/"
            },
            {
              "name": "userId",
              "type": "string",
              "doc": "Who asked for the batch and sees its progress"
            },
            {
              "name": "chunk",
              "type": "int",
              "doc": "Number of the chunk in the batch's plan, from 0"
            },
            {
              "name": "priority",
              "type": {
                "type": "enum",
                "name": "Priority",
                "symbols": [
                  "normal",
                  "high"
                ],
                "default": "normal"
              },
              "default": "normal",
              "doc": "high overtakes the backlog of normal batches"
            }
          ]
        }
      }
    ]
  },
  "bulk.qr.generation.completed": {
    "type": "record",
    "name": "BulkQrGenerationCompleted",
    "namespace": "io.qrsaas.events",
    "doc": "A batch is done and its zip can be downloaded",
    "fields": [
      {
        "name": "eventId",
        "type": "string",
        "doc": "UUID v7; the same id is the same event, however often it arrives"
      },
      {
        "name": "eventType",
        "type": "string",
        "default": "bulk.qr.generation.completed",
        "doc": "Dotted, past tense or request"
      },
      {
        "name": "timestamp",
        "type": "string",
        "doc": "When it happened, ISO 8601, UTC"
      },
      {
        "name": "source",
        "type": "string",
        "doc": "The service that published it"
      },
      {
        "name": "version",
        "type": "string",
        "default": "1.0",
        "doc": "Version of the event type, major.minor"
      },
      {
        "name": "correlationId",
        "type": [
          "null",
          "string"
        ],
        "default": null,
        "doc": "Ties together everything that one request caused"
      },
      {
        "name": "causationId",
        "type": [
          "null",
          "string"
        ],
        "default": null,
        "doc": "eventId of the event while handling which this one was made"
      },
      {
        "name": "payload",
        "type": {
          "type": "record",
          "name": "BulkQrGenerationCompletedPayload",
          "fields": [
            {
              "name": "batchId",
              "type": "string",
              "doc": "The batch; its items lie under batches/{batchId}/"
            },
            {
              "name": "userId",
              "type": "string",
              "doc": "Who asked for the batch and sees its progress"
            },
            {
              "name": "status",
              "type": {
                "type": "enum",
                "name": "BatchOutcome",
                "symbols": [
                  "completed",
                  "completed_with_errors"
                ]
              },
              "doc": "completed_with_errors when some items stand in errors.csv instead"
            },
            {
              "name": "itemCount",
              "type": "int",
              "doc": "Items of the batch"
            },
            {
              "name": "succeeded",
              "type": "int",
              "doc": "Items with an image in the zip"
            },
            {
              "name": "failed",
              "type": "int",
              "doc": "Items in errors.csv"
            },
            {
              "name": "zipKey",
              "type": "string",
              "doc": "Object key of the zip"
            },
            {
              "name": "zipBytes",
              "type": "long",
              "doc": "Size of the zip, bytes"
            },
            {
              "name": "requestedAt",
              "type": "string",
              "doc": "When the request was published, ISO 8601, UTC"
            },
            {
              "name": "completedAt",
              "type": "string",
              "doc": "When the zip was whole, ISO 8601, UTC"
            }
          ]
        }
      }
    ]
  },
  "bulk.qr.generation.failed": {
    "type": "record",
    "name": "BulkQrGenerationFailed",
    "namespace": "io.qrsaas.events",
    "doc": "A batch could not be made",
    "fields": [
      {
        "name": "eventId",
        "type": "string",
        "doc": "UUID v7; the same id is the same event, however often it arrives"
      },
      {
        "name": "eventType",
        "type": "string",
        "default": "bulk.qr.generation.failed",
        "doc": "Dotted, past tense or request"
      },
      {
        "name": "timestamp",
        "type": "string",
        "doc": "When it happened, ISO 8601, UTC"
      },
      {
        "name": "source",
        "type": "string",
        "doc": "The service that published it"
      },
      {
        "name": "version",
        "type": "string",
        "default": "1.0",
        "doc": "Version of the event type, major.minor"
      },
      {
        "name": "correlationId",
        "type": [
          "null",
          "string"
        ],
        "default": null,
        "doc": "Ties together everything that one request caused"
      },
      {
        "name": "causationId",
        "type": [
          "null",
          "string"
        ],
        "default": null,
        "doc": "eventId of the event while handling which this one was made"
      },
      {
        "name": "payload",
        "type": {
          "type": "record",
          "name": "BulkQrGenerationFailedPayload",
          "fields": [
            {
              "name": "batchId",
              "type": "string",
              "doc": "The batch; its items lie under batches/{batchId}/"
            },
            {
              "name": "userId",
              "type": "string",
              "doc": "Who asked for the batch and sees its progress"
            },
            {
              "name": "code",
              "type": "string",
              "doc": "Error code, one of lib/errors.ts"
            },
            {
              "name": "reason",
              "type": "string",
              "doc": "Why, in a sentence for the user"
            },
            {
              "name": "failedAt",
              "type": "string",
              "doc": "ISO 8601, UTC"
            }
          ]
        }
      }
    ]
  },
  "bulk.qr.generation.requested": {
    "type": "record",
    "name": "BulkQrGenerationRequested",
    "namespace": "io.qrsaas.events",
    "doc": "A user asks for a batch of QR codes. Items: batches/{batchId}/items.ndjson or items.csv; template: templates/{templateId}.json",
    "fields": [
      {
        "name": "eventId",
        "type": "string",
        "doc": "UUID v7; the same id is the same event, however often it arrives"
      },
      {
        "name": "eventType",
        "type": "string",
        "default": "bulk.qr.generation.requested",
        "doc": "Dotted, past tense or request"
      },
      {
        "name": "timestamp",
        "type": "string",
        "doc": "When it happened, ISO 8601, UTC"
      },
      {
        "name": "source",
        "type": "string",
        "doc": "The service that published it"
      },
      {
        "name": "version",
        "type": "string",
        "default": "1.0",
        "doc": "Version of the event type, major.minor"
      },
      {
        "name": "correlationId",
        "type": [
          "null",
          "string"
        ],
        "default": null,
        "doc": "Ties together everything that one request caused"
      },
      {
        "name": "causationId",
        "type": [
          "null",
          "string"
        ],
        "default": null,
        "doc": "eventId of the event while handling which this one was made"
      },
      {
        "name": "payload",
        "type": {
          "type": "record",
          "name": "BulkQrGenerationRequestedPayload",
          "fields": [
            {
              "name": "batchId",
              "type": "string",
              "doc": "The batch; its items lie under batches/{batchId}/"
            },
            {
              "name": "userId",
              "type": "string",
              "doc": "Who asked for the batch and sees its progress"
            },
            {
              "name": "templateId",
              "type": "string",
              "doc": "The template; read from templates/{templateId}.json"
            },
            {
              "name": "itemCount",
              "type": "int",
              "doc": "Items the requester put there; a different number found fails the batch"
            },
            {
              "name": "priority",
              "type": {
                "type": "enum",
                "name": "Priority",
                "symbols": [
                  "normal",
                  "high"
                ],
                "default": "normal"
              },
              "default": "normal",
              "doc": "high overtakes the backlog of normal batches"
            }
          ]
        }
      }
    ]
  },
  "qr.scanned": {
    "type": "record",
    "name": "QrScanned",
    "namespace": "io.qrsaas.events",
    "doc": "Somebody scanned, or opened, a QR code",
    "fields": [
      {
        "name": "eventId",
        "type": "string",
        "doc": "UUID v7; the same id is the same event, however often it arrives"
      },
      {
        "name": "eventType",
        "type": "string",
        "default": "qr.scanned",
        "doc": "Dotted, past tense or request"
      },
      {
        "name": "timestamp",
        "type": "string",
        "doc": "When it happened, ISO 8601, UTC"
      },
      {
        "name": "source",
        "type": "string",
        "doc": "The service that published it"
      },
      {
        "name": "version",
        "type": "string",
        "default": "1.0",
        "doc": "Version of the event type, major.minor"
      },
      {
        "name": "correlationId",
        "type": [
          "null",
          "string"
        ],
        "default": null,
        "doc": "Ties together everything that one request caused"
      },
      {
        "name": "causationId",
        "type": [
          "null",
          "string"
        ],
        "default": null,
        "doc": "eventId of the event while handling which this one was made"
      },
      {
        "name": "payload",
        "type": {
          "type": "record",
          "name": "QrScannedPayload",
          "fields": [
            {
              "name": "qrId",
              "type": [
                "null",
                "string"
              ],
              "default": null,
              "doc": "The code; absent for actions that concern no single code"
            },
            {
              "name": "userId",
              "type": "string",
              "doc": "The code's owner"
            },
            {
              "name": "action",
              "type": "string",
              "doc": "What was done: scan, open, download, ..."
            },
            {
              "name": "ip",
              "type": [
                "null",
                "string"
              ],
              "default": null,
              "doc": "Address of the visitor; hashed by the consumer, never stored"
            },
            {
              "name": "userAgent",
              "type": [
                "null",
                "string"
              ],
              "default": null,
              "doc": "The visitor's User-Agent header"
            },
            {
              "name": "referrer",
              "type": [
                "null",
                "string"
              ],
              "default": null,
              "doc": "The visitor's Referer header"
            },
            {
              "name": "country",
              "type": [
                "null",
                "string"
              ],
              "default": null,
              "doc": "ISO 3166-1 alpha-2"
            },
            {
              "name": "city",
              "type": [
                "null",
                "string"
              ],
              "default": null,
              "doc": "City name"
            },
            {
              "name": "scannedAt",
              "type": [
                "null",
                "string"
              ],
              "default": null,
              "doc": "When, ISO 8601, UTC; the event's timestamp when absent"
            }
          ]
        }
      }
    ]
  }
};
