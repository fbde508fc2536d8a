/** A file cannot be taken, by our rules or because it is broken: a result that its user is told, not a failure of ours. */
export class FileRefused extends Error {
  override readonly name = 'FileRefused';
  /** Keys of what was made of it all the same, such as a report of what is wrong. */
  readonly outputs: readonly string[];

  /** @param reason a sentence for the user, which says what to do */
  constructor(reason: string, outputs: readonly string[] = []) {
    super(reason);
    this.outputs = outputs;
  }
}
