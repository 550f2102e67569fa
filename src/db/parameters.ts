/** The values of a statement that is built from parts. */
export class Parameters {
  readonly values: unknown[] = [];

  /** Adds a value, and returns its placeholder for the statement. */
  add(value: unknown, type: string): string {
    return `$${this.values.push(value)}::${type}`;
  }
}
