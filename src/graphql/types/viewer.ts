import { type KnownActor, ownedBy, reachableOrganizations } from '../../auth/access.ts';
import { builder } from '../builder.ts';
import { Customer } from './customer.ts';
import { Member } from './member.ts';
import { Organization } from './organization.ts';

const ViewerKind = builder.enumType('ViewerKind', {
  description: 'The kind of token.',
  values: {
    ORGANIZATION: { value: 'organization', description: 'An access token of an organization.' },
    USER: {
      value: 'user',
      description: 'A personal access token, for all organizations of the user.',
    },
    CUSTOMER: { value: 'customer', description: 'A session of a customer.' },
    MEMBER: { value: 'member', description: 'A session of a member.' },
  } as const,
});

const Viewer = builder.objectRef<KnownActor>('Viewer').implement({
  description: 'The caller and its permissions.',
  fields: t => ({
    kind: t.expose('kind', { type: ViewerKind, description: 'The kind of token.' }),
    scopes: t.stringList({
      description:
        'The scopes of the token; empty for a session, whose rights depend on its customer or member.',
      resolve: viewer => ('scopes' in viewer ? [...viewer.scopes] : []),
    }),
    organizations: t.prismaField({
      type: [Organization],
      description: 'The organizations that the token can access.',
      resolve: (query, viewer, _args, ctx) =>
        ctx.db.organization.findMany({
          ...query,
          where: { id: reachableOrganizations(viewer).organizationId },
          orderBy: { slug: 'asc' },
        }),
    }),
    customer: t.prismaField({
      type: Customer,
      nullable: true,
      description: 'The customer of the session; null for an access token.',
      resolve: (query, viewer, _args, ctx) => {
        if (!('customerId' in viewer)) return null;
        const { organizationId, customerId } = viewer;
        return ctx.db.customer.findUnique({
          ...query,
          where: { organizationId_id: { organizationId, id: customerId } },
        });
      },
    }),
    member: t.prismaField({
      type: Member,
      nullable: true,
      description: 'The member of the session; null for other tokens.',
      resolve: (query, viewer, _args, ctx) =>
        viewer.kind === 'member'
          ? ctx.db.member.findFirst({
              ...query,
              where: { ...ownedBy(viewer), id: viewer.memberId },
            })
          : null,
    }),
  }),
});

builder.queryField('viewer', t =>
  t.field({
    type: Viewer,
    nullable: true,
    description: 'The caller; null without a token.',
    resolve: (_root, _args, { actor }) => (actor.kind === 'anonymous' ? null : actor),
  }),
);
