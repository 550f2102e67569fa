import { type KnownActor, ownedBy, reachableOrganizations } from '../../auth/access.ts';
import { builder } from '../builder.ts';
import { Customer } from './customer.ts';
import { Member } from './member.ts';
import { Organization } from './organization.ts';

const ViewerKind = builder.enumType('ViewerKind', {
  description: 'What kind of token is asking.',
  values: {
    ORGANIZATION: { value: 'organization', description: "An organization's access token." },
    USER: {
      value: 'user',
      description: "A person's access token, for the organizations they belong to.",
    },
    CUSTOMER: { value: 'customer', description: 'A session of a customer.' },
    MEMBER: { value: 'member', description: 'A session of a member of a customer.' },
  } as const,
});

const Viewer = builder.objectRef<KnownActor>('Viewer').implement({
  description: 'Who is asking, and what they may do.',
  fields: t => ({
    kind: t.expose('kind', { type: ViewerKind, description: 'What kind of token is asking.' }),
    scopes: t.stringList({
      description:
        'What the token may do; empty for a session, whose rights come with its subject.',
      resolve: viewer => ('scopes' in viewer ? [...viewer.scopes] : []),
    }),
    organizations: t.prismaField({
      type: [Organization],
      description: 'The organizations within reach.',
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
      description: 'The customer whose session it is; null for an access token.',
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
      description: 'The member whose session it is; null for any other token.',
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
    description: 'Who is asking; null without a token.',
    resolve: (_root, _args, { actor }) => (actor.kind === 'anonymous' ? null : actor),
  }),
);
