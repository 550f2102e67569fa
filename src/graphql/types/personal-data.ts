import * as errors from '../../domain/errors.ts';
import type { PersonSelector } from '../../people/person.ts';
import { type PersonalData, readPersonalData } from '../../people/personal-data.ts';
import { builder } from '../builder.ts';
import { email } from '../inputs.ts';
import { ORGANIZATION_ARGUMENT } from '../organization-argument.ts';

/** The input that names a person. */
export const PersonInput = builder.inputType('PersonInput', {
  description:
    'A person: exactly one of these fields. The members and customers of the organization with the same e-mail address are the same person.',
  isOneOf: true,
  fields: t => ({
    email: t.string({ description: 'The e-mail address, ignoring case.' }),
    memberId: t.field({ type: 'ID', description: 'The id of a member, also of a removed one.' }),
    customerId: t.field({ type: 'ID', description: 'The id of a customer.' }),
  }),
});

/** `@oneOf` guarantees exactly one key; the types guarantee only at most one. Throws InvalidInput. */
export function toPerson({
  email: address,
  memberId,
  customerId,
}: typeof PersonInput.$inferInput): PersonSelector {
  if (memberId) return { memberId };
  if (customerId) return { customerId };
  return { email: email(address ?? '', ['person', 'email']) };
}

const PersonalDataInput = builder.inputType('PersonalDataInput', {
  description: 'Input of `personalData`.',
  fields: t => ({
    organizationId: t.field(ORGANIZATION_ARGUMENT),
    person: t.field({ type: PersonInput, required: true, description: 'The person.' }),
  }),
});

const Success = builder.objectRef<{ data: PersonalData | null }>('PersonalDataSuccess').implement({
  description: 'What is stored of a person.',
  fields: t => ({
    data: t.field({
      type: 'JSONObject',
      nullable: true,
      description:
        'All rows that are about the person, by kind. Null if nothing is stored. Kinds and columns can be added.',
      resolve: ({ data }) => data,
    }),
  }),
});

builder.queryField('personalData', t =>
  t.field({
    type: Success,
    nullable: true,
    description:
      'All that is stored of a person in an organization, for a request for access to personal data. Reads all events of the organization. Requires an access token with `personal_data:read` or `personal_data:write`.',
    args: { input: t.arg({ type: PersonalDataInput, required: true, description: 'The person.' }) },
    errors: {
      directResult: true,
      union: { description: 'Result of `personalData`.' },
      types: [errors.ResourceNotFound, errors.NotPermitted, errors.InvalidInput],
    },
    resolve: async (_root, { input: { organizationId, person } }, ctx) => ({
      data: await readPersonalData(ctx, organizationId, toPerson(person)),
    }),
  }),
);
