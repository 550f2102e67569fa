/** Work that the dispatcher runs repeatedly. */
export interface Job {
  /** The name of the job in the log. */
  name: string;
  /** Milliseconds between runs while there is no work. */
  pollMs: number;
  /** Whether a change of a seat starts a run immediately. */
  isUrgent: boolean;
  /** Does or starts due work, and resolves to whether there may be more. Rejects if it could not look for work. */
  run(stop: AbortSignal): Promise<boolean>;
  /** Waits for the work that `run` started. */
  drain?(): Promise<void>;
}
