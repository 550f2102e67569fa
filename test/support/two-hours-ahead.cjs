// Loaded before a program, as if the clock of its machine were two hours ahead.
const AHEAD_MS = 2 * 60 * 60_000;
const MachineDate = globalThis.Date;

globalThis.Date = class extends MachineDate {
  constructor(...parts) {
    if (parts.length === 0) super(MachineDate.now() + AHEAD_MS);
    else super(...parts);
  }

  static now() {
    return MachineDate.now() + AHEAD_MS;
  }
};
