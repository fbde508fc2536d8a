import { closeSync, copyFileSync, fstatSync, ftruncateSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Bytes after which a log starts anew; one older file is kept. */
const ROTATE_AT = 20 * 1024 * 1024;
/** Invocations between two looks at the size. */
const LOOK_EVERY = 1_000;

/**
 * The log of one function, as CloudWatch shows it. Function processes write to the same descriptor by themselves, so
 * that nothing they said is lost with the host; it is opened for appending, which keeps lines whole.
 */
export class FunctionLog {
  readonly descriptor: number;
  readonly #path: string;
  #lines = 0;

  /** @param folder where logs lie; made when missing */
  constructor(folder: string, name: string) {
    mkdirSync(folder, { recursive: true });
    this.#path = join(folder, `${name}.log`);
    this.descriptor = openSync(this.#path, 'a');
  }

  initStarted(): void {
    this.#write(`INIT_START Runtime Version: nodejs${process.versions.node}\n`);
  }

  started(requestId: string): void {
    this.#write(`START RequestId: ${requestId} Version: $LATEST\n`);
  }

  /** @param failure a line the platform adds when it ended the function */
  ended(requestId: string, report: InvocationReport, failure?: string): void {
    const { durationMs, memoryMb, maxMemoryMb, initMs } = report;
    this.#write(
      `${failure ? `${new Date().toISOString()} ${failure}\n` : ''}END RequestId: ${requestId}\n` +
        `REPORT RequestId: ${requestId}\tDuration: ${durationMs.toFixed(2)} ms\tBilled Duration: ${Math.ceil(durationMs)} ms` +
        `\tMemory Size: ${memoryMb} MB\tMax Memory Used: ${maxMemoryMb} MB` +
        `${initMs === undefined ? '' : `\tInit Duration: ${initMs.toFixed(2)} ms`}\n`,
    );
    this.#lines += 1;
    if (this.#lines % LOOK_EVERY === 0) this.#rotate();
  }

  note(line: string): void {
    this.#write(`${new Date().toISOString()} ${line}\n`);
  }

  close(): void {
    closeSync(this.descriptor);
  }

  #write(text: string): void {
    writeSync(this.descriptor, text);
  }

  /** Copies and truncates: the processes that hold the descriptor go on writing at the new end. */
  #rotate(): void {
    if (fstatSync(this.descriptor).size < ROTATE_AT) return;
    copyFileSync(this.#path, `${this.#path}.1`);
    ftruncateSync(this.descriptor, 0);
  }
}

export interface InvocationReport {
  readonly durationMs: number;
  readonly memoryMb: number;
  readonly maxMemoryMb: number;
  /** Of the first invocation of an environment. */
  readonly initMs: number | undefined;
}
