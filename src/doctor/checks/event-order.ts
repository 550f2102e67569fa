import { hasRestoredEvents } from '../../events/restored-events.ts';
import { type Check, ok, warning } from '../check.ts';

/** Looks for events from another server with higher transaction ids: new events would be listed before them. */
export const checkEventOrder: Check = async ({ rows }) =>
  (await hasRestoredEvents(rows))
    ? warning(
        'events were restored from another server, and new ones come before them in seatEvents',
        'Start usher, which puts them right',
      )
    : ok('new events come after all others');
