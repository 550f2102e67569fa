import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import type { DocumentNode } from 'graphql';
import * as documents from './examples/generated/graphql.ts';
import type { Scene } from './scene.ts';

/** A mutation, with a screen that shows what it changes. */
export interface Change {
  name: string;
  screen: DocumentNode;
  mutation: DocumentNode;
  input(scene: Scene): object;
  /** Returns the variables of the screen. */
  shown(scene: Scene): object;
}

/** Describes a change whose input has the type that its mutation takes. */
function change<Data, Input extends object>(
  name: string,
  screen: DocumentNode,
  mutation: TypedDocumentNode<Data, { input: Input }>,
  input: (scene: Scene) => Input,
  instead: (scene: Scene) => object = () => ({}),
): Change {
  const shown = (scene: Scene) => ({ ...shownOf(scene), ...instead(scene) });
  return { name, screen, mutation, input, shown };
}

/** Returns what the screens show, unless a change says otherwise. */
function shownOf({ fixture: { ids }, pendingSeat, endpoint }: Scene) {
  return {
    source: { subscriptionId: ids.subscription },
    customer: ids.customer,
    member: ids.member,
    seat: pendingSeat,
    endpoint,
  };
}

const { MemberScreenDocument, PoolScreenDocument, SettingsScreenDocument, EndpointScreenDocument } =
  documents;
const toOrder = ({ fixture }: Scene) => ({ source: { orderId: fixture.ids.order } });
const toSubscription = ({ fixture }: Scene) => ({
  source: { subscriptionId: fixture.ids.subscription },
});
const ofMember = ({ fixture }: Scene) => ({ memberId: fixture.ids.member });
const ofEndpoint = ({ endpoint }: Scene) => ({ id: endpoint });

/** Changes of one scene, one after the other, whose answers have all that they change of their screen. */
export const CHANGES: readonly Change[] = [
  change(
    'assignSeat: a new seat',
    PoolScreenDocument,
    documents.AssignSeatDocument,
    scene => ({
      ...toOrder(scene),
      recipient: { email: 'bo@globex.example' },
      metadata: { desk: 4 },
    }),
    toOrder,
  ),
  change('assignSeat: a revoked seat', PoolScreenDocument, documents.AssignSeatDocument, scene => ({
    ...toSubscription(scene),
    recipient: { email: 'jo@globex.example' },
  })),
  change(
    'assignSeat: a member, claimed immediately',
    MemberScreenDocument,
    documents.AssignSeatDocument,
    scene => ({ ...toOrder(scene), recipient: ofMember(scene), immediateClaim: true }),
  ),
  change('transferSeat', PoolScreenDocument, documents.TransferSeatDocument, ({ pendingSeat }) => ({
    seatId: pendingSeat,
    recipient: { email: 'cy@globex.example' },
  })),
  change('updateSeat', PoolScreenDocument, documents.UpdateSeatDocument, ({ pendingSeat }) => ({
    seatId: pendingSeat,
    metadata: { desk: 5 },
  })),
  change(
    'resendSeatInvitation',
    PoolScreenDocument,
    documents.ResendSeatInvitationDocument,
    ({ pendingSeat }) => ({ seatId: pendingSeat }),
  ),
  change(
    'revokeSeat: pending',
    PoolScreenDocument,
    documents.RevokeSeatDocument,
    ({ pendingSeat }) => ({ seatId: pendingSeat }),
  ),
  change(
    'revokeSeat: claimed',
    PoolScreenDocument,
    documents.RevokeSeatDocument,
    ({ claimedSeat }) => ({ seatId: claimedSeat }),
    ({ claimedSeat }) => ({ seat: claimedSeat }),
  ),
  change('assignSeats', PoolScreenDocument, documents.AssignSeatsDocument, scene => ({
    ...toSubscription(scene),
    seats: [{ recipient: { email: 'al@globex.example' } }, { recipient: { email: 'not one' } }],
    mode: 'BEST_EFFORT' as const,
  })),
  change(
    'claimSeat',
    PoolScreenDocument,
    documents.ClaimSeatDocument,
    ({ invitationToken }) => ({ invitationToken }),
    ({ invitedSeat }) => ({ seat: invitedSeat }),
  ),
  change(
    'revokeSeats',
    PoolScreenDocument,
    documents.RevokeSeatsDocument,
    ({ invitedSeat }) => ({ seatIds: [invitedSeat] }),
    ({ invitedSeat }) => ({ seat: invitedSeat }),
  ),
  change(
    'syncBilling: more seats',
    PoolScreenDocument,
    documents.SyncBillingDocument,
    ({ fixture: { ids } }) => ({
      asOf: new Date().toISOString(),
      subscriptions: [
        {
          id: ids.subscription,
          productId: ids.product,
          customerId: ids.customer,
          seats: 12,
          status: 'ACTIVE' as const,
        },
      ],
    }),
  ),
  change('updateMember: name', MemberScreenDocument, documents.UpdateMemberDocument, scene => ({
    ...ofMember(scene),
    name: 'Mia Wu',
  })),
  change(
    'updateMember: address',
    PoolScreenDocument,
    documents.UpdateMemberDocument,
    scene => ({ ...ofMember(scene), email: 'mia.wu@globex.example' }),
    toOrder,
  ),
  change(
    'updateMember: owner',
    MemberScreenDocument,
    documents.UpdateMemberDocument,
    ({ fixture }) => ({ memberId: fixture.ids.manager, role: 'OWNER' as const }),
  ),
  change('removeMember', PoolScreenDocument, documents.RemoveMemberDocument, ofMember, toOrder),
  change(
    'updateOrganizationSettings',
    SettingsScreenDocument,
    documents.UpdateOrganizationSettingsDocument,
    () => ({ reminderHours: 3, invitationSubject: 'Your seat' }),
  ),
  change(
    'updateWebhookEndpoint',
    EndpointScreenDocument,
    documents.UpdateWebhookEndpointDocument,
    scene => ({ ...ofEndpoint(scene), events: ['CUSTOMER_SEAT_CLAIMED' as const] }),
  ),
  change(
    'rotateWebhookSecret',
    EndpointScreenDocument,
    documents.RotateWebhookSecretDocument,
    ofEndpoint,
  ),
  change('sendTestWebhook', EndpointScreenDocument, documents.SendTestWebhookDocument, ofEndpoint),
  change(
    'redeliverWebhook',
    EndpointScreenDocument,
    documents.RedeliverWebhookDocument,
    ({ failedDelivery }) => ({ deliveryId: failedDelivery }),
  ),
  change(
    'disableWebhookEndpoint',
    EndpointScreenDocument,
    documents.DisableWebhookEndpointDocument,
    ofEndpoint,
  ),
  change(
    'enableWebhookEndpoint',
    EndpointScreenDocument,
    documents.EnableWebhookEndpointDocument,
    ofEndpoint,
  ),
];

/** Mutations that move rows in or out of a list, which the clients forget and read again. */
export const CHANGES_OF_LISTS = ['createWebhookEndpoint', 'deleteWebhookEndpoint'];

/** Mutations of sessions and memberships, which no query shows, and the one after which a client forgets everything. */
export const CHANGES_OUT_OF_SIGHT = [
  'createCustomerSession',
  'endSessions',
  'endMembership',
  'erasePerson',
];
