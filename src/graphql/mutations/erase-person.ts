import * as errors from '../../domain/errors.ts';
import { type ErasedPerson, erasePerson } from '../../people/erase.ts';
import type { ErasedRows } from '../../people/erase-rows.ts';
import { builder } from '../builder.ts';
import { ORGANIZATION_ARGUMENT } from '../organization-argument.ts';
import { CustomerSeat } from '../types/customer-seat.ts';
import { PersonInput, toPerson } from '../types/personal-data.ts';

const ErasePersonInput = builder.inputType('ErasePersonInput', {
  description: 'Input of `erasePerson`.',
  fields: t => ({
    organizationId: t.field(ORGANIZATION_ARGUMENT),
    person: t.field({ type: PersonInput, required: true, description: 'The person to erase.' }),
  }),
});

const ErasedRowCounts = builder.objectRef<ErasedRows>('ErasedRows').implement({
  description:
    'The number of rows of each kind that an erasure changed or deleted. All are 0 if nothing was left of the person.',
  fields: t => ({
    members: t.exposeInt('members', { description: 'Members, who are removed.' }),
    customers: t.exposeInt('customers', { description: 'Customers, who keep their purchases.' }),
    seats: t.exposeInt('seats', {
      description: 'Seats that were revoked, or whose metadata was erased.',
    }),
    sessions: t.exposeInt('sessions', { description: 'Sessions, which are ended.' }),
    events: t.exposeInt('events', { description: 'Events of seats.' }),
    archivedEvents: t.exposeInt('archivedEvents', { description: 'Archived events of seats.' }),
    deliveries: t.exposeInt('deliveries', {
      description: 'Webhook deliveries, whose responses are erased.',
    }),
    mails: t.exposeInt('mails', { description: 'Mails.' }),
    optOuts: t.exposeInt('optOuts', {
      description: 'Addresses that had unsubscribed from invitations.',
    }),
    auditEvents: t.exposeInt('auditEvents', { description: 'Entries of `auditEvents`.' }),
    importedRows: t.exposeInt('importedRows', {
      description: 'What imports keep of the last file, as hashes.',
    }),
    idempotencyKeys: t.exposeInt('idempotencyKeys', {
      description: 'Outcomes that are kept for retries.',
    }),
  }),
});

const Success = builder.objectRef<ErasedPerson>('ErasePersonSuccess').implement({
  description: 'Nothing of the person is left.',
  fields: t => ({
    erasedRows: t.field({
      type: ErasedRowCounts,
      description: 'What was changed or deleted.',
      resolve: ({ rows }) => rows,
    }),
    revokedSeats: t.field({
      type: [CustomerSeat],
      description: 'The seats that the person held, after their revocation, without a holder.',
      resolve: ({ revokedSeats }) =>
        revokedSeats.map(seat => ({ ...seat, member: null, customer: null })),
    }),
  }),
});

builder.mutationField('erasePerson', t =>
  t.field({
    type: Success,
    nullable: true,
    description:
      'Erases a person from all that is stored of an organization: addresses, name, external id, and the metadata of their seats, in members, customers, seats, events, the archive, webhook deliveries, mails and the audit list. Revokes their seats first. Changes all or nothing; repeating it changes nothing. It cannot be undone. Requires an access token with `personal_data:write`.',
    args: { input: t.arg({ type: ErasePersonInput, required: true, description: 'The person.' }) },
    errors: {
      directResult: true,
      union: { description: 'Result of `erasePerson`.' },
      types: [errors.ResourceNotFound, errors.NotPermitted, errors.InvalidInput],
    },
    resolve: (_root, { input: { organizationId, person } }, ctx) =>
      erasePerson(ctx, organizationId, toPerson(person)),
  }),
);
