/** Work that the dispatcher runs repeatedly. */
export interface Job {
  /** Name in the log. */
  name: string;
  /** Milliseconds between runs while there is no work. */
  pollMs: number;
  /** Whether a change of a seat starts a run immediately. */
  isUrgent: boolean;
  /** Does or starts the work that is due, and resolves to whether there may be more. Rejects if it could not look for work. */
  run(stop: AbortSignal): Promise<boolean>;
  /** Waits for the work that `run` started. */
  drain?(): Promise<void>;
}
