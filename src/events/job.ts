/** Something that the dispatcher does again and again. */
export interface Job {
  /** What the log calls it. */
  name: string;
  /** How long to wait, in milliseconds, when there was nothing to do. */
  pollMs: number;
  /** Whether a change of a seat is a reason to look at once. */
  isUrgent: boolean;
  /** Does what is due and not yet under way, or begins it, and says whether there may be more. Throws where it could not look. */
  run(stop: AbortSignal): Promise<boolean>;
  /** Waits for what `run` began. */
  drain?(): Promise<void>;
}
