/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** What an actor used. */
export type ActorChannel =
  /** The claim page. */
  | 'CLAIM_PAGE'
  /** A command on the server. */
  | 'COMMAND'
  /** The GraphQL API. */
  | 'GRAPHQL'
  /** An import. */
  | 'IMPORT'
  /** The REST API. */
  | 'REST'
  /** The worker. */
  | 'WORKER';

/** Kind of an actor. */
export type ActorKind =
  /** A session of a customer. */
  | 'CUSTOMER'
  /** A person with an invitation. */
  | 'INVITEE'
  /** A session of a member. */
  | 'MEMBER'
  /** An access token of an organization. */
  | 'ORGANIZATION'
  /** usher itself. */
  | 'SYSTEM'
  /** A person with a personal access token. */
  | 'USER';

/** Input of `assignSeat`. */
export type AssignSeatInput = {
  /** Makes a retry safe: for 24 hours, the same key with the same input returns the first outcome, with seats as they are now. 1 to 255 visible ASCII characters, such as a UUID. */
  idempotencyKey?: string | null | undefined;
  /** Whether the seat is claimed immediately, without an invitation. */
  immediateClaim?: boolean | null | undefined;
  /** Custom data to store with the seat: at most 10 keys and 1 KB. */
  metadata?: Record<string, unknown> | null | undefined;
  /** The recipient of the seat. */
  recipient: SeatRecipientInput;
  /** The seat pool. */
  source: SeatSourceInput;
};

/** Input of `assignSeats` and `previewAssignSeats`. */
export type AssignSeatsInput = {
  /** Makes a retry safe: for 24 hours, the same key with the same input returns the first outcome, with seats as they are now. 1 to 255 visible ASCII characters, such as a UUID. A preview ignores it. */
  idempotencyKey?: string | null | undefined;
  /** What happens if a person is refused. */
  mode?: BatchMode;
  /** The people: 1 to 1,000. A person who is named twice is refused the second time. */
  seats: Array<AssignSeatsItemInput>;
  /** The seat pool. */
  source: SeatSourceInput;
};

/** A person of a batch. An invalid value, such as a malformed address, refuses this person alone. */
export type AssignSeatsItemInput = {
  /** Whether the seat is claimed immediately, without an invitation. */
  immediateClaim?: boolean;
  /** Custom data to store with the seat: at most 10 keys and 1 KB. */
  metadata?: Record<string, unknown> | null | undefined;
  /** The recipient of the seat. */
  recipient: SeatRecipientInput;
};

/** Conditions for audit events: an event has to meet all of them. */
export type AuditEventFilter = {
  /** The id of the member, endpoint, token, user or customer, or of the organization. */
  subjectId?: string | null | undefined;
  /** The types; an empty list is an error. */
  type?: Array<AuditEventType> | null | undefined;
};

/** Type of an audit event. */
export type AuditEventType =
  /** An access token was created, of the organization or of a user who may act for it. */
  | 'ACCESS_TOKEN_CREATED'
  /** Such a token was revoked. */
  | 'ACCESS_TOKEN_REVOKED'
  /** The scopes or the expiry of such a token changed. */
  | 'ACCESS_TOKEN_UPDATED'
  /** The billing system changed a customer. */
  | 'CUSTOMER_UPDATED'
  /** A user may no longer act for the organization. */
  | 'MEMBERSHIP_ENDED'
  /** A member was removed. */
  | 'MEMBER_REMOVED'
  /** A member's address, name or role changed. */
  | 'MEMBER_UPDATED'
  /** The billing system changed an order. */
  | 'ORDER_UPDATED'
  /** The billing system changed a product. */
  | 'PRODUCT_UPDATED'
  /** The sessions of a customer or a member were ended. */
  | 'SESSIONS_ENDED'
  /** Settings of the organization changed. */
  | 'SETTINGS_UPDATED'
  /** The billing system changed a subscription, such as its number of seats. */
  | 'SUBSCRIPTION_UPDATED'
  /** A webhook endpoint was created. */
  | 'WEBHOOK_ENDPOINT_CREATED'
  /** A webhook endpoint was deleted. */
  | 'WEBHOOK_ENDPOINT_DELETED'
  /** A webhook endpoint was disabled, by the organization or because it kept failing. */
  | 'WEBHOOK_ENDPOINT_DISABLED'
  /** A webhook endpoint was enabled. */
  | 'WEBHOOK_ENDPOINT_ENABLED'
  /** The URL or the event types of a webhook endpoint changed. */
  | 'WEBHOOK_ENDPOINT_UPDATED'
  /** A webhook endpoint got a new secret. */
  | 'WEBHOOK_SECRET_ROTATED';

/** What happens to a batch if an item is refused. */
export type BatchMode =
  /** Nothing changes. */
  | 'ALL_OR_NOTHING'
  /** The other items are processed. */
  | 'BEST_EFFORT';

/** Input of `claimSeat`. */
export type ClaimSeatInput = {
  /** The token from the invitation link. */
  invitationToken: string;
};

/** Input of `createCustomerSession`. */
export type CreateCustomerSessionInput = {
  /** The customer. */
  customer: SessionCustomerInput;
  /** The member whose session begins, in an organization with the member model. By default the customer's owner. */
  member?: SessionMemberInput | null | undefined;
};

/** Input of `createWebhookEndpoint`. */
export type CreateWebhookEndpointInput = {
  /** The event types to send: at least one, without duplicates. */
  events: Array<WebhookEventType>;
  /** The organization. Required only if the token can act for several organizations. */
  organizationId?: string | null | undefined;
  /** The public https:// or http:// URL that receives events: at most 2048 characters, without user, password and fragment. */
  url: string;
};

/** Conditions for customers. */
export type CustomerFilter = {
  /** A part of the e-mail address, name or external id, ignoring case: at least three characters, two of them letters or digits. */
  search?: string | null | undefined;
};

/** A customer: exactly one of these fields. */
export type CustomerLookupInput =
  {   /** The customer's e-mail address, ignoring case. */
  email: string; externalId?: never; id?: never; }
  |  { email?: never;   /** The customer's id in the organization's own system. */
  externalId: string; id?: never; }
  |  { email?: never; externalId?: never;   /** The customer's id. */
  id: string; };

/** Billing status of an order. */
export type CustomerOrderStatus =
  /** Not sent to the customer. No seats can be assigned. */
  | 'DRAFT'
  /** Paid. */
  | 'PAID'
  /** Partially refunded. */
  | 'PARTIALLY_REFUNDED'
  /** Not paid. No seats can be assigned. */
  | 'PENDING'
  /** Refunded. No seats can be assigned. */
  | 'REFUNDED'
  /** Void. No seats can be assigned. */
  | 'VOID';

/** Conditions for seats: a seat has to meet all of them. Where a condition is a list, one match is enough, except for `metadata`. An empty list is an error. A list has at most 100 values. */
export type CustomerSeatFilter = {
  /** When the seat was assigned to its current or last holder. */
  assignedAt?: DateTimeRange | null | undefined;
  /** When the holder claimed the seat. */
  claimedAt?: DateTimeRange | null | undefined;
  /** The holder's e-mail address, ignoring case. */
  email?: string | null | undefined;
  /** The ids of the seats. */
  ids?: Array<string> | null | undefined;
  /** When the latest invitation expires or expired. */
  invitationExpiresAt?: DateTimeRange | null | undefined;
  /** The states of the latest invitation. */
  invitationState?: Array<SeatInvitationState> | null | undefined;
  /** The members who hold the seats. */
  memberIds?: Array<string> | null | undefined;
  /** Metadata: all of these facts. */
  metadata?: Array<MetadataFact> | null | undefined;
  /** The subscriptions and orders. */
  poolIds?: Array<string> | null | undefined;
  /** The products of the subscriptions and orders. */
  productIds?: Array<string> | null | undefined;
  /** A part of the holder's e-mail address, name or external id, ignoring case: at least three characters, two of them letters or digits. */
  search?: string | null | undefined;
  /** The statuses. */
  status?: Array<SeatStatus> | null | undefined;
};

/** The order of seats; equal ones are ordered by id. A seat whose place changes after the first page, such as by a new assignment, is not on the later pages. */
export type CustomerSeatOrder = {
  /** The direction. */
  direction?: OrderDirection;
  /** What seats are ordered by. */
  field?: CustomerSeatOrderField;
};

/** What seats are ordered by. */
export type CustomerSeatOrderField =
  /** When the seat was assigned to its current or last holder. */
  | 'ASSIGNED_AT'
  /** When the holder claimed the seat. Unclaimed seats come last. */
  | 'CLAIMED_AT'
  /** When the seat was first assigned. */
  | 'CREATED_AT'
  /** The `email` of the seat, ignoring case. Seats without one come last. */
  | 'EMAIL'
  /** When the latest invitation expires. Seats for which it never does come last. */
  | 'INVITATION_EXPIRES_AT';

/** Billing status of a subscription. */
export type CustomerSubscriptionStatus =
  /** Paid. */
  | 'ACTIVE'
  /** Ended. No seats can be assigned. */
  | 'CANCELED'
  /** The first payment is incomplete. No seats can be assigned. */
  | 'INCOMPLETE'
  /** The first payment was never completed. No seats can be assigned. */
  | 'INCOMPLETE_EXPIRED'
  /** A payment is overdue and will be retried. */
  | 'PAST_DUE'
  /** Paused by the customer or the organization. */
  | 'PAUSED'
  /** In a trial period. */
  | 'TRIALING'
  /** Payment failed permanently. No seats can be assigned. */
  | 'UNPAID';

/** A range of time. At least one end is required. */
export type DateTimeRange = {
  /** The first moment after the range. */
  before?: string | null | undefined;
  /** The first moment of the range. */
  since?: string | null | undefined;
};

/** Input of `deleteWebhookEndpoint`. */
export type DeleteWebhookEndpointInput = {
  /** The endpoint. */
  id: string;
  /** Makes a retry safe: for 24 hours, the same key with the same input returns the first outcome, with seats as they are now. 1 to 255 visible ASCII characters, such as a UUID. */
  idempotencyKey?: string | null | undefined;
};

/** Input of `disableWebhookEndpoint`. */
export type DisableWebhookEndpointInput = {
  /** The endpoint. */
  id: string;
  /** Makes a retry safe: for 24 hours, the same key with the same input returns the first outcome, with seats as they are now. 1 to 255 visible ASCII characters, such as a UUID. */
  idempotencyKey?: string | null | undefined;
};

/** Input of `enableWebhookEndpoint`. */
export type EnableWebhookEndpointInput = {
  /** The endpoint. */
  id: string;
  /** Makes a retry safe: for 24 hours, the same key with the same input returns the first outcome, with seats as they are now. 1 to 255 visible ASCII characters, such as a UUID. */
  idempotencyKey?: string | null | undefined;
};

/** Input of `endMembership`. */
export type EndMembershipInput = {
  /** Makes a retry safe: for 24 hours, the same key with the same input returns the first outcome, with seats as they are now. 1 to 255 visible ASCII characters, such as a UUID. */
  idempotencyKey?: string | null | undefined;
  /** The organization. Required only if the token can act for several organizations. */
  organizationId?: string | null | undefined;
  /** The user whose membership ends. */
  user: MembershipUserInput;
};

/** Input of `endSessions`: exactly one of these fields. */
export type EndSessionsInput =
  {   /** The id of a customer, for the sessions of the customer and all its members. */
  customerId: string; externalCustomerId?: never; memberId?: never; }
  |  { customerId?: never;   /** The external id of a customer, for the sessions of the customer and all its members. */
  externalCustomerId: string; memberId?: never; }
  |  { customerId?: never; externalCustomerId?: never;   /** The id of a member. */
  memberId: string; };

/** Input of `erasePerson`. */
export type ErasePersonInput = {
  /** The organization. Required only if the token can act for several organizations. */
  organizationId?: string | null | undefined;
  /** The person to erase. */
  person: PersonInput;
};

/** Reason for the failure of a mutation. Programs use this or `__typename`, not `message`. */
export type ErrorCode =
  /** The organization has no such customer. */
  | 'CUSTOMER_NOT_FOUND'
  /** The organization does not sell by the seat. */
  | 'FEATURE_NOT_ENABLED'
  /** The first request with the idempotency key is still in progress. */
  | 'IDEMPOTENCY_IN_PROGRESS'
  /** The idempotency key was used with another input. */
  | 'IDEMPOTENCY_KEY_REUSED'
  /** A value of the input is invalid. */
  | 'INVALID_INPUT'
  /** The invitation does not exist, or was used, revoked or expired. */
  | 'INVALID_INVITATION_TOKEN'
  /** The recipient cannot be identified in this way. */
  | 'INVALID_SEAT_ASSIGNMENT_REQUEST'
  /** The holder has unsubscribed from the organization's invitations. */
  | 'INVITATIONS_DECLINED'
  /** The external id belongs to a member with another e-mail address. */
  | 'MEMBER_EMAIL_MISMATCH'
  /** The billing customer has no such member. */
  | 'MEMBER_NOT_FOUND'
  /** The token or the role does not permit this. */
  | 'NOT_PERMITTED'
  /** The pool would have fewer seats than are pending or claimed. */
  | 'POOL_TOO_SMALL'
  /** There were too many requests. Nothing was changed. */
  | 'RATE_LIMITED'
  /** The resource does not exist, or you are not allowed to see it. */
  | 'RESOURCE_NOT_FOUND'
  /** The recipient already holds a live seat of the pool. */
  | 'SEAT_ALREADY_ASSIGNED'
  /** The pool is full, ended or not paid. */
  | 'SEAT_NOT_AVAILABLE'
  /** The seat is neither pending nor claimed. */
  | 'SEAT_NOT_LIVE'
  /** The seat is not pending. */
  | 'SEAT_NOT_PENDING';

/** A member by external id. */
export type ExternalMemberInput = {
  /** If there is no member with this external id: the address of the member to link it to, or to create. */
  email?: string | null | undefined;
  /** The external id. */
  externalId: string;
};

/** What is wrong with a value of an input. New values may be added. */
export type InputIssueCode =
  /** The values name several things, or none. */
  | 'AMBIGUOUS'
  /** The text is empty. */
  | 'BLANK'
  /** The template of an invitation lacks its link. */
  | 'CLAIM_URL_MISSING'
  /** The URL has a user or a password. */
  | 'CREDENTIALS'
  /** The webhook endpoint is disabled. */
  | 'DISABLED'
  /** A value appears twice. */
  | 'DUPLICATE'
  /** The text is not an e-mail address. */
  | 'EMAIL'
  /** The URL has a fragment. */
  | 'FRAGMENT'
  /** The number cannot be stored exactly. */
  | 'INEXACT_NUMBER'
  /** The metadata has more than 10 keys or 1 KB, or a value that is not permitted. */
  | 'METADATA'
  /** There is nothing with this id. */
  | 'NOT_FOUND'
  /** Exactly one of several fields is required. */
  | 'ONE_OF'
  /** The owner of a team can be neither removed nor demoted without a successor. */
  | 'ONLY_OWNER'
  /** The template has a partial. */
  | 'PARTIAL'
  /** The delivery is still pending. */
  | 'PENDING'
  /** The URL is of a private network. */
  | 'PRIVATE_ADDRESS'
  /** The number is out of range. */
  | 'RANGE'
  /** A value is required. */
  | 'REQUIRED'
  /** The template is not valid. */
  | 'SYNTAX'
  /** Another has this value. */
  | 'TAKEN'
  /** The text cannot be stored. */
  | 'TEXT'
  /** The text is too long. */
  | 'TOO_LONG'
  /** There are too many. */
  | 'TOO_MANY'
  /** The HTML template has a value that is not escaped. */
  | 'UNESCAPED'
  /** The template has an unknown variable. */
  | 'UNKNOWN_VARIABLE'
  /** The text is not a URL that can be used here. */
  | 'URL'
  /** The text is not a UUID. */
  | 'UUID';

/** Kind of mail. */
export type MailKind =
  /** The invitation link of a seat. */
  | 'INVITATION'
  /** The invitation link again, shortly before it expires. */
  | 'REMINDER'
  /** To the organization: a webhook endpoint failed repeatedly and was disabled. */
  | 'WEBHOOK_DISABLED';

/** Delivery status of a mail. */
export type MailStatus =
  /** The mail server rejected it permanently, or it could not be sent in time. Resending the invitation creates a new mail. */
  | 'FAILED'
  /** Waiting for the next attempt, or delayed because its recipient got too many invitations within an hour. `error` has the reason. */
  | 'PENDING'
  /** The mail server accepted it. */
  | 'SENT'
  /** No longer needed: the seat was claimed, revoked or invited again, or the recipient has unsubscribed. `error` has the reason. */
  | 'SKIPPED';

/** Conditions for members: a member has to meet all of them. */
export type MemberFilter = {
  /** Whether the member holds a live seat. */
  hasSeat?: boolean | null | undefined;
  /** The roles; an empty list is an error. */
  role?: Array<MemberRole> | null | undefined;
  /** A part of the e-mail address, name or external id, ignoring case: at least three characters, two of them letters or digits. */
  search?: string | null | undefined;
};

/** Role of a member. */
export type MemberRole =
  /** Can assign and revoke seats. */
  | 'BILLING_MANAGER'
  /** Can see seats and claim a seat. */
  | 'MEMBER'
  /** Owns the customer's account. A customer has at most one owner. */
  | 'OWNER';

/** A user: exactly one of these fields. */
export type MembershipUserInput =
  {   /** The user's e-mail address, ignoring case. */
  email: string; userId?: never; }
  |  { email?: never;   /** The user's id. */
  userId: string; };

/** A key and a value of a seat's metadata. */
export type MetadataFact = {
  /** The key. */
  key: string;
  /** The value as text, such as `"red"` for a string, or `"5"` for a number. */
  value: string;
};

/** The direction of an order. */
export type OrderDirection =
  /** From the smallest to the largest, or from oldest to newest. */
  | 'ASC'
  /** From the largest to the smallest, or from newest to oldest. */
  | 'DESC';

/** A person: exactly one of these fields. The members and customers of the organization with the same e-mail address are the same person. */
export type PersonInput =
  {   /** The id of a customer. */
  customerId: string; email?: never; memberId?: never; }
  |  { customerId?: never;   /** The e-mail address, ignoring case. */
  email: string; memberId?: never; }
  |  { customerId?: never; email?: never;   /** The id of a member, also of a removed one. */
  memberId: string; };

/** Input of `personalData`. */
export type PersonalDataInput = {
  /** The organization. Required only if the token can act for several organizations. */
  organizationId?: string | null | undefined;
  /** The person. */
  person: PersonInput;
};

/** Input of `redeliverWebhook`. */
export type RedeliverWebhookInput = {
  /** The delivery. */
  deliveryId: string;
  /** Makes a retry safe: for 24 hours, the same key with the same input returns the first outcome, with seats as they are now. 1 to 255 visible ASCII characters, such as a UUID. */
  idempotencyKey?: string | null | undefined;
};

/** Input of `removeMember`. */
export type RemoveMemberInput = {
  /** Makes a retry safe: for 24 hours, the same key with the same input returns the first outcome, with seats as they are now. 1 to 255 visible ASCII characters, such as a UUID. */
  idempotencyKey?: string | null | undefined;
  /** The member. */
  memberId: string;
};

/** Input of `resendSeatInvitation`. */
export type ResendSeatInvitationInput = {
  /** Makes a retry safe: for 24 hours, the same key with the same input returns the first outcome, with seats as they are now. 1 to 255 visible ASCII characters, such as a UUID. */
  idempotencyKey?: string | null | undefined;
  /** The seat. */
  seatId: string;
};

/** Input of `revokeSeat`. */
export type RevokeSeatInput = {
  /** Makes a retry safe: for 24 hours, the same key with the same input returns the first outcome, with seats as they are now. 1 to 255 visible ASCII characters, such as a UUID. */
  idempotencyKey?: string | null | undefined;
  /** The seat. */
  seatId: string;
};

/** Input of `revokeSeats` and `previewRevokeSeats`. */
export type RevokeSeatsInput = {
  /** Makes a retry safe: for 24 hours, the same key with the same input returns the first outcome, with seats as they are now. 1 to 255 visible ASCII characters, such as a UUID. A preview ignores it. */
  idempotencyKey?: string | null | undefined;
  /** What happens if a seat is refused. */
  mode?: BatchMode;
  /** The seats: 1 to 1,000, of any pools. */
  seatIds: Array<string>;
};

/** Input of `rotateWebhookSecret`. */
export type RotateWebhookSecretInput = {
  /** The endpoint. */
  id: string;
};

/** Whether a seat pool has a seat to assign, and if not, why. */
export type SeatAvailability =
  /** A seat can be assigned. */
  | 'AVAILABLE'
  /** The subscription or order has ended. */
  | 'ENDED'
  /** All seats are assigned. */
  | 'FULL'
  /** The subscription or order is not paid yet. */
  | 'NOT_PAID'
  /** The subscription or order is not sold by the seat. */
  | 'NOT_SOLD_BY_SEAT';

/** Conditions for events: an event has to meet all of them. An empty list is an error, and a list has at most 100 values. */
export type SeatEventFilter = {
  /** The customer whose subscriptions and orders the seats are from. */
  customerId?: string | null | undefined;
  /** The subscriptions and orders. */
  poolIds?: Array<string> | null | undefined;
  /** The seats. */
  seatIds?: Array<string> | null | undefined;
  /** The types. */
  type?: Array<SeatEventType> | null | undefined;
};

/** Type of a seat event. */
export type SeatEventType =
  /** The seat was assigned. */
  | 'ASSIGNED'
  /** The seat was claimed. */
  | 'CLAIMED'
  /** The holder got a new invitation. */
  | 'INVITATION_RESENT'
  /** The seat was revoked. */
  | 'REVOKED'
  /** The data of the seat was changed. */
  | 'UPDATED';

/** State of an invitation. */
export type SeatInvitationState =
  /** The seat was claimed or revoked. */
  | 'CLOSED'
  /** Its link has expired. The seat is still pending. */
  | 'EXPIRED'
  /** Its link can be used. */
  | 'OPEN';

/** Conditions for subscriptions or orders: one has to meet all of them. An empty list is an error. */
export type SeatPoolFilter = {
  /** The products. */
  productIds?: Array<string> | null | undefined;
  /** Whether a seat can be assigned, and if not, why. */
  seatAvailability?: Array<SeatAvailability> | null | undefined;
};

/** The recipient of a seat: exactly one of these fields. */
export type SeatRecipientInput =
  {   /** The id of a customer. With the member model, the customer's e-mail address identifies the member. */
  customerId: string; email?: never; externalCustomerId?: never; externalMember?: never; memberId?: never; }
  |  { customerId?: never;   /** An e-mail address. If the billing customer has no member with it, the member is created. */
  email: string; externalCustomerId?: never; externalMember?: never; memberId?: never; }
  |  { customerId?: never; email?: never;   /** The external id of a customer. */
  externalCustomerId: string; externalMember?: never; memberId?: never; }
  |  { customerId?: never; email?: never; externalCustomerId?: never;   /** A member of the billing customer by external id. */
  externalMember: ExternalMemberInput; memberId?: never; }
  |  { customerId?: never; email?: never; externalCustomerId?: never; externalMember?: never;   /** The id of a member of the billing customer. */
  memberId: string; };

/** A seat pool: exactly one of these fields. */
export type SeatSourceInput =
  {   /** The id of a checkout, for its subscription or else its oldest order. */
  checkoutId: string; orderExternalId?: never; orderId?: never; subscriptionExternalId?: never; subscriptionId?: never; }
  |  { checkoutId?: never;   /** The id of an order in the organization's own system. */
  orderExternalId: string; orderId?: never; subscriptionExternalId?: never; subscriptionId?: never; }
  |  { checkoutId?: never; orderExternalId?: never;   /** The id of an order. */
  orderId: string; subscriptionExternalId?: never; subscriptionId?: never; }
  |  { checkoutId?: never; orderExternalId?: never; orderId?: never;   /** The id of a subscription in the organization's own system. */
  subscriptionExternalId: string; subscriptionId?: never; }
  |  { checkoutId?: never; orderExternalId?: never; orderId?: never; subscriptionExternalId?: never;   /** The id of a subscription. */
  subscriptionId: string; };

/** Status of a seat. */
export type SeatStatus =
  /** Claimed by its holder. */
  | 'CLAIMED'
  /** Assigned, but not claimed. */
  | 'PENDING'
  /** Revoked. The seat can be assigned again. */
  | 'REVOKED';

/** Input of `sendTestWebhook`. */
export type SendTestWebhookInput = {
  /** The endpoint. */
  id: string;
  /** Makes a retry safe: for 24 hours, the same key with the same input returns the first outcome, with seats as they are now. 1 to 255 visible ASCII characters, such as a UUID. */
  idempotencyKey?: string | null | undefined;
};

/** A customer: exactly one of these fields. */
export type SessionCustomerInput =
  {   /** The user's id. */
  customerId: string; externalCustomerId?: never; }
  |  { customerId?: never;   /** The external id. */
  externalCustomerId: string; };

/** A member of the customer: exactly one of these fields. */
export type SessionMemberInput =
  {   /** The external id. */
  externalMemberId: string; memberId?: never; }
  |  { externalMemberId?: never;   /** The user's id. */
  memberId: string; };

/** Input of `syncBilling`: at most 1,000 rows in all. */
export type SyncBillingInput = {
  /** The time of this state in the billing system. Values that usher knows as of a later time stay; of two values as of the same time, the more advanced one wins. */
  asOf: string;
  /** Customers. */
  customers?: Array<SyncCustomerInput> | null | undefined;
  /** Orders. */
  orders?: Array<SyncOrderInput> | null | undefined;
  /** The organization. Required only if the token can act for several organizations. */
  organizationId?: string | null | undefined;
  /** Products. */
  products?: Array<SyncProductInput> | null | undefined;
  /** Subscriptions. */
  subscriptions?: Array<SyncSubscriptionInput> | null | undefined;
  /** What happens to a pool that would have fewer seats than are pending or claimed. */
  whenTooSmall?: WhenTooSmall;
};

/** A customer as the billing system has it. What is left out stays as it is. */
export type SyncCustomerInput = {
  /** The billing e-mail address; null for none. */
  email?: string | null | undefined;
  /** The id in your own system, such as `sub_1Mow`. If it is left out, it stays as it is. */
  externalId?: string | null | undefined;
  /** The id: a UUID of your choice. Without it, `externalId` identifies the row. */
  id?: string | null | undefined;
  /** The display name; null for none. */
  name?: string | null | undefined;
};

/** An order as the billing system has it. What is left out stays as it is. */
export type SyncOrderInput = {
  /** The checkout of the purchase: a UUID; null for none. */
  checkoutId?: string | null | undefined;
  /** The external id of the billing customer. */
  customerExternalId?: string | null | undefined;
  /** The id of the billing customer. Give this or `customerExternalId`. */
  customerId?: string | null | undefined;
  /** The id in your own system, such as `sub_1Mow`. If it is left out, it stays as it is. */
  externalId?: string | null | undefined;
  /** The id: a UUID of your choice. Without it, `externalId` identifies the row. */
  id?: string | null | undefined;
  /** The external id of the product. */
  productExternalId?: string | null | undefined;
  /** The id of the product; null for none. Give this or `productExternalId`. */
  productId?: string | null | undefined;
  /** The number of seats bought; null if it is not sold by the seat. */
  seats?: number | null | undefined;
  /** The billing status. When an order ends, its seats are revoked. */
  status: CustomerOrderStatus;
};

/** A product as the billing system has it. What is left out stays as it is. */
export type SyncProductInput = {
  /** The id in your own system, such as `sub_1Mow`. If it is left out, it stays as it is. */
  externalId?: string | null | undefined;
  /** The id: a UUID of your choice. Without it, `externalId` identifies the row. */
  id?: string | null | undefined;
  /** The name that invitations show. */
  name: string;
};

/** A subscription as the billing system has it. What is left out stays as it is. */
export type SyncSubscriptionInput = {
  /** The checkout of the purchase: a UUID; null for none. */
  checkoutId?: string | null | undefined;
  /** The external id of the billing customer. */
  customerExternalId?: string | null | undefined;
  /** The id of the billing customer. Give this or `customerExternalId`. */
  customerId?: string | null | undefined;
  /** The id in your own system, such as `sub_1Mow`. If it is left out, it stays as it is. */
  externalId?: string | null | undefined;
  /** The id: a UUID of your choice. Without it, `externalId` identifies the row. */
  id?: string | null | undefined;
  /** The external id of the product. */
  productExternalId?: string | null | undefined;
  /** The id of the product. Give this or `productExternalId`. */
  productId?: string | null | undefined;
  /** The number of seats bought; null if it is not sold by the seat. */
  seats?: number | null | undefined;
  /** The billing status. When a subscription ends, its seats are revoked. */
  status: CustomerSubscriptionStatus;
};

/** Input of `transferSeat`. */
export type TransferSeatInput = {
  /** Makes a retry safe: for 24 hours, the same key with the same input returns the first outcome, with seats as they are now. 1 to 255 visible ASCII characters, such as a UUID. */
  idempotencyKey?: string | null | undefined;
  /** Whether the seat is claimed immediately, without an invitation. */
  immediateClaim?: boolean;
  /** Custom data to store with the seat instead of the present data; null to keep it. At most 10 keys and 1 KB. */
  metadata?: Record<string, unknown> | null | undefined;
  /** The new recipient of the seat. */
  recipient: SeatRecipientInput;
  /** The seat: pending or claimed. */
  seatId: string;
};

/** Input of `updateMember`. Fields that are not set stay unchanged. */
export type UpdateMemberInput = {
  /** The new address. No other member of the customer may have it, ignoring case. Null leaves it unchanged. */
  email?: string | null | undefined;
  /** Makes a retry safe: for 24 hours, the same key with the same input returns the first outcome, with seats as they are now. 1 to 255 visible ASCII characters, such as a UUID. */
  idempotencyKey?: string | null | undefined;
  /** The member. */
  memberId: string;
  /** The new name, at most 512 characters; null removes it. */
  name?: string | null | undefined;
  /** The new role. If the member becomes the owner, the former owner becomes a billing manager. Otherwise the owner's role cannot change. Null leaves it unchanged. */
  role?: MemberRole | null | undefined;
};

/** Input of `updateOrganizationSettings`. Fields that are not set stay unchanged. */
export type UpdateOrganizationSettingsInput = {
  /** Makes a retry safe: for 24 hours, the same key with the same input returns the first outcome, with seats as they are now. 1 to 255 visible ASCII characters, such as a UUID. */
  idempotencyKey?: string | null | undefined;
  /** The HTML of an invitation, in which values are escaped: a Mustache template with any of `organizationName`, `productName`, `inviter`, `inviterName`, `inviterEmail`, `recipientEmail`, `claimUrl`, `expiresAt`, `expiresIn`, `isReminder`, `unsubscribeUrl`; null for usher's own. It has to show `claimUrl`, and has at most 64 KiB. */
  invitationHtml?: string | null | undefined;
  /** The subject of an invitation, at most 200 characters: a Mustache template with any of `organizationName`, `productName`, `inviter`, `inviterName`, `inviterEmail`, `recipientEmail`, `claimUrl`, `expiresAt`, `expiresIn`, `isReminder`, `unsubscribeUrl`; null for usher's own. */
  invitationSubject?: string | null | undefined;
  /** The text of an invitation: a Mustache template with any of `organizationName`, `productName`, `inviter`, `inviterName`, `inviterEmail`, `recipientEmail`, `claimUrl`, `expiresAt`, `expiresIn`, `isReminder`, `unsubscribeUrl`; null for usher's own. It has to show `claimUrl`, and has at most 64 KiB. */
  invitationText?: string | null | undefined;
  /** The organization. Required only if the token can act for several organizations. */
  organizationId?: string | null | undefined;
  /** How many hours before an invitation expires a reminder is sent: 1 to 23; null for none. */
  reminderHours?: number | null | undefined;
  /** The URL that holders go to after they claim a seat, with their session token in the fragment: https://, or http:// for localhost, at most 2048 characters; null for none. */
  returnUrl?: string | null | undefined;
  /** Whether usher mails invitations. If not, a caller with an access token gets the link in `CustomerSeat.invitationUrl`. Null leaves it unchanged. */
  sendsInvitations?: boolean | null | undefined;
};

/** Input of `updateSeat`. What is null or left out does not change. */
export type UpdateSeatInput = {
  /** Makes a retry safe: for 24 hours, the same key with the same input returns the first outcome, with seats as they are now. 1 to 255 visible ASCII characters, such as a UUID. */
  idempotencyKey?: string | null | undefined;
  /** All custom data of the seat: at most 10 keys and 1 KB. */
  metadata?: Record<string, unknown> | null | undefined;
  /** The seat. */
  seatId: string;
};

/** Input of `updateWebhookEndpoint`. Fields that are null or not set stay unchanged. */
export type UpdateWebhookEndpointInput = {
  /** The complete list of event types to send: at least one, without duplicates. */
  events?: Array<WebhookEventType> | null | undefined;
  /** The endpoint. */
  id: string;
  /** Makes a retry safe: for 24 hours, the same key with the same input returns the first outcome, with seats as they are now. 1 to 255 visible ASCII characters, such as a UUID. */
  idempotencyKey?: string | null | undefined;
  /** The new URL, with the rules of `createWebhookEndpoint`. */
  url?: string | null | undefined;
};

/** The kind of token. */
export type ViewerKind =
  /** A session of a customer. */
  | 'CUSTOMER'
  /** A session of a member. */
  | 'MEMBER'
  /** An access token of an organization. */
  | 'ORGANIZATION'
  /** A personal access token, for all organizations of the user. */
  | 'USER';

/** Status of a delivery. */
export type WebhookDeliveryStatus =
  /** All attempts failed. The delivery is kept and can be redelivered. */
  | 'FAILED'
  /** Waiting for its next attempt. */
  | 'PENDING'
  /** Not sent, because the endpoint was disabled. It can be redelivered after the endpoint is enabled. */
  | 'SKIPPED'
  /** The receiver accepted it. */
  | 'SUCCEEDED';

/** Event type that a webhook endpoint can receive. */
export type WebhookEventType =
  /** `customer_seat.assigned`: a seat was assigned. */
  | 'CUSTOMER_SEAT_ASSIGNED'
  /** `customer_seat.claimed`: a seat was claimed. */
  | 'CUSTOMER_SEAT_CLAIMED'
  /** `customer_seat.revoked`: a seat was revoked. The payload has the former holder. */
  | 'CUSTOMER_SEAT_REVOKED';

/** What happens to a pool that would have fewer seats than are pending or claimed, and fewer than before. */
export type WhenTooSmall =
  /** It is oversold: all holders keep their seats, and no seat can be assigned until it fits again. */
  | 'OVERSELL'
  /** Nothing is changed. */
  | 'REFUSE';

export type AssignSeatMutationVariables = Exact<{
  input: AssignSeatInput;
}>;


export type AssignSeatMutation = { assignSeat:
    | { __typename: 'AssignSeatSuccess', seat: { id: string, status: SeatStatus, email: string | null, subscriptionId: string | null, orderId: string | null, customerId: string | null, memberId: string | null, metadata: Record<string, unknown>, invitationTokenExpiresAt: string | null, claimedAt: string | null, member: { id: string, email: string, name: string | null } | null }, pool:
        | { id: string, totalSeats: number, availableSeats: number }
        | { id: string, totalSeats: number, availableSeats: number }
       | null }
    | { __typename: 'CustomerNotFoundError', code: ErrorCode, message: string }
    | { __typename: 'FeatureNotEnabledError', code: ErrorCode, message: string }
    | { __typename: 'IdempotencyInProgressError', code: ErrorCode, message: string }
    | { __typename: 'IdempotencyKeyReusedError', code: ErrorCode, message: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, code: InputIssueCode, message: string }> }
    | { __typename: 'InvalidSeatAssignmentRequestError', code: ErrorCode, message: string }
    | { __typename: 'MemberEmailMismatchError', code: ErrorCode, message: string }
    | { __typename: 'MemberNotFoundError', code: ErrorCode, message: string }
    | { __typename: 'NotPermittedError', code: ErrorCode, message: string }
    | { __typename: 'ResourceNotFoundError', code: ErrorCode, message: string }
    | { __typename: 'SeatAlreadyAssignedError', code: ErrorCode, message: string, holder: string, existingSeat: { id: string, status: SeatStatus } | null }
    | { __typename: 'SeatNotAvailableError', code: ErrorCode, message: string, sourceId: string, reason: SeatAvailability }
   | null };

export type AssignSeatsMutationVariables = Exact<{
  input: AssignSeatsInput;
}>;


export type AssignSeatsMutation = { assignSeats:
    | { __typename: 'AssignSeatsSuccess', isCommitted: boolean, isReplay: boolean, assignedCount: number, refusedCount: number, results: Array<
        | { __typename: 'AssignSeatSuccess', seat: { id: string, status: SeatStatus, email: string | null, memberId: string | null } }
        | { __typename: 'CustomerNotFoundError', code: ErrorCode, message: string }
        | { __typename: 'InvalidInputError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, code: InputIssueCode, message: string }> }
        | { __typename: 'InvalidSeatAssignmentRequestError', code: ErrorCode, message: string }
        | { __typename: 'ItemNotAttempted', index: number }
        | { __typename: 'MemberEmailMismatchError', code: ErrorCode, message: string }
        | { __typename: 'MemberNotFoundError', code: ErrorCode, message: string }
        | { __typename: 'SeatAlreadyAssignedError', code: ErrorCode, message: string }
        | { __typename: 'SeatNotAvailableError', code: ErrorCode, message: string }
      >, pool:
        | { id: string, totalSeats: number, availableSeats: number }
        | { id: string, totalSeats: number, availableSeats: number }
       }
    | { __typename: 'FeatureNotEnabledError', code: ErrorCode, message: string }
    | { __typename: 'IdempotencyInProgressError', retryAfter: number, code: ErrorCode, message: string }
    | { __typename: 'IdempotencyKeyReusedError', code: ErrorCode, message: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string }
    | { __typename: 'NotPermittedError', code: ErrorCode, message: string }
    | { __typename: 'ResourceNotFoundError', code: ErrorCode, message: string }
    | { __typename: 'SeatNotAvailableError', code: ErrorCode, message: string }
   | null };

export type AuditEventsQueryVariables = Exact<{
  filter?: AuditEventFilter | null | undefined;
  organizationId?: string | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type AuditEventsQuery = { auditEvents: { totalCount: number, nodes: Array<{ id: string, createdAt: string, type: AuditEventType, subjectId: string, subjectLabel: string | null, changes: Array<string>, actor: { kind: ActorKind, id: string | null, label: string | null, via: ActorChannel } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null };

export type ClaimSeatMutationVariables = Exact<{
  input: ClaimSeatInput;
}>;


export type ClaimSeatMutation = { claimSeat:
    | { __typename: 'ClaimSeatSuccess', customerSessionToken: string, expiresAt: string, seat: { id: string, status: SeatStatus, claimedAt: string | null, customerId: string | null, memberId: string | null, member: { id: string, email: string } | null } }
    | { __typename: 'FeatureNotEnabledError', code: ErrorCode, message: string }
    | { __typename: 'InvalidInvitationTokenError', code: ErrorCode, message: string }
   | null };

export type ClaimedSubscriptionsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ClaimedSubscriptionsQuery = { claimedSubscriptions: { totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ id: string, status: CustomerSubscriptionStatus, product: { id: string, name: string } }> } | null };

export type CreateCustomerSessionMutationVariables = Exact<{
  input: CreateCustomerSessionInput;
}>;


export type CreateCustomerSessionMutation = { createCustomerSession:
    | { __typename: 'CreateCustomerSessionSuccess', token: string, expiresAt: string, customer: { id: string }, member: { id: string, role: MemberRole } | null }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'NotPermittedError', code: ErrorCode, message: string }
   | null };

export type CreateWebhookEndpointMutationVariables = Exact<{
  input: CreateWebhookEndpointInput;
}>;


export type CreateWebhookEndpointMutation = { createWebhookEndpoint:
    | { __typename: 'CreateWebhookEndpointSuccess', secret: string, endpoint: { id: string, url: string, events: Array<WebhookEventType>, disabledAt: string | null, consecutiveFailures: number, previousSecretExpiresAt: string | null } }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, code: InputIssueCode, message: string }> }
    | { __typename: 'NotPermittedError', code: ErrorCode, message: string }
    | { __typename: 'ResourceNotFoundError', code: ErrorCode, message: string }
   | null };

export type CustomerSeatQueryVariables = Exact<{
  id: string;
}>;


export type CustomerSeatQuery = { customerSeat: { id: string, status: SeatStatus, email: string | null, customerEmail: string | null, createdAt: string, modifiedAt: string | null, claimedAt: string | null, revokedAt: string | null, invitationUrl: string | null, member: { id: string, email: string, name: string | null, externalId: string | null, role: MemberRole } | null } | null };

export type CustomerQueryVariables = Exact<{
  by: CustomerLookupInput;
  organizationId?: string | null | undefined;
  members?: MemberFilter | null | undefined;
  pools?: SeatPoolFilter | null | undefined;
  seats?: CustomerSeatFilter | null | undefined;
}>;


export type CustomerQuery = { customer: { id: string, createdAt: string, modifiedAt: string | null, name: string | null, email: string | null, externalId: string | null, organization: { id: string, name: string }, usage: { total: number, available: number, pending: number, claimed: number } | null, members: { totalCount: number, nodes: Array<{ id: string, createdAt: string, modifiedAt: string | null, email: string, name: string | null, role: MemberRole }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null, seats: { totalCount: number, nodes: Array<{ id: string, status: SeatStatus, email: string | null }> } | null, subscriptions: { nodes: Array<{ id: string, status: CustomerSubscriptionStatus, totalSeats: number, availableSeats: number }> } | null, orders: { nodes: Array<{ id: string, status: CustomerOrderStatus, totalSeats: number, availableSeats: number }> } | null } | null };

export type DeleteWebhookEndpointMutationVariables = Exact<{
  input: DeleteWebhookEndpointInput;
}>;


export type DeleteWebhookEndpointMutation = { deleteWebhookEndpoint:
    | { __typename: 'DeleteWebhookEndpointSuccess', endpoint: { id: string } }
    | { __typename: 'IdempotencyInProgressError', code: ErrorCode, message: string }
    | { __typename: 'IdempotencyKeyReusedError', code: ErrorCode, message: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string }
    | { __typename: 'NotPermittedError', code: ErrorCode, message: string }
    | { __typename: 'ResourceNotFoundError', code: ErrorCode, message: string }
   | null };

export type DisableWebhookEndpointMutationVariables = Exact<{
  input: DisableWebhookEndpointInput;
}>;


export type DisableWebhookEndpointMutation = { disableWebhookEndpoint:
    | { __typename: 'DisableWebhookEndpointSuccess', endpoint: { id: string, url: string, events: Array<WebhookEventType>, disabledAt: string | null, consecutiveFailures: number, previousSecretExpiresAt: string | null } }
    | { __typename: 'IdempotencyInProgressError', code: ErrorCode, message: string }
    | { __typename: 'IdempotencyKeyReusedError', code: ErrorCode, message: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string }
    | { __typename: 'NotPermittedError', code: ErrorCode, message: string }
    | { __typename: 'ResourceNotFoundError', code: ErrorCode, message: string }
   | null };

export type EnableWebhookEndpointMutationVariables = Exact<{
  input: EnableWebhookEndpointInput;
}>;


export type EnableWebhookEndpointMutation = { enableWebhookEndpoint:
    | { __typename: 'EnableWebhookEndpointSuccess', endpoint: { id: string, url: string, events: Array<WebhookEventType>, disabledAt: string | null, consecutiveFailures: number, previousSecretExpiresAt: string | null } }
    | { __typename: 'IdempotencyInProgressError', code: ErrorCode, message: string }
    | { __typename: 'IdempotencyKeyReusedError', code: ErrorCode, message: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string }
    | { __typename: 'NotPermittedError', code: ErrorCode, message: string }
    | { __typename: 'ResourceNotFoundError', code: ErrorCode, message: string }
   | null };

export type EndMembershipMutationVariables = Exact<{
  input: EndMembershipInput;
}>;


export type EndMembershipMutation = { endMembership:
    | { __typename: 'EndMembershipSuccess', userId: string, organization: { id: string } }
    | { __typename: 'IdempotencyInProgressError', code: ErrorCode, message: string }
    | { __typename: 'IdempotencyKeyReusedError', code: ErrorCode, message: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, code: InputIssueCode, message: string }> }
    | { __typename: 'NotPermittedError', code: ErrorCode, message: string }
    | { __typename: 'ResourceNotFoundError', code: ErrorCode, message: string }
   | null };

export type EndSessionsMutationVariables = Exact<{
  input: EndSessionsInput;
}>;


export type EndSessionsMutation = { endSessions:
    | { __typename: 'EndSessionsSuccess', endedSessions: number }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, code: InputIssueCode, message: string }> }
    | { __typename: 'NotPermittedError', code: ErrorCode, message: string }
    | { __typename: 'ResourceNotFoundError', code: ErrorCode, message: string }
   | null };

export type ErasePersonMutationVariables = Exact<{
  input: ErasePersonInput;
}>;


export type ErasePersonMutation = { erasePerson:
    | { __typename: 'ErasePersonSuccess', erasedRows: { members: number, customers: number, seats: number, sessions: number, events: number, archivedEvents: number, deliveries: number, mails: number, optOuts: number, auditEvents: number, importedRows: number, idempotencyKeys: number }, revokedSeats: Array<{ id: string, status: SeatStatus }> }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, code: InputIssueCode, message: string }> }
    | { __typename: 'NotPermittedError', code: ErrorCode, message: string }
    | { __typename: 'ResourceNotFoundError', code: ErrorCode, message: string }
   | null };

export type FindSeatsQueryVariables = Exact<{
  filter?: CustomerSeatFilter | null | undefined;
  orderBy?: CustomerSeatOrder | null | undefined;
  organizationId?: string | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type FindSeatsQuery = { customerSeats: { totalCount: number, nodes: Array<{ id: string, status: SeatStatus, email: string | null, assignedAt: string, claimedAt: string | null, metadata: Record<string, unknown>, invitation: { state: SeatInvitationState, expiresAt: string | null } | null, member: { id: string, name: string | null, email: string, externalId: string | null } | null, pool:
        | { __typename: 'CustomerOrder', id: string }
        | { __typename: 'CustomerSubscription', id: string }
       | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null };

export type MailsQueryVariables = Exact<{
  organizationId?: string | null | undefined;
  status?: Array<MailStatus> | MailStatus | null | undefined;
  kind?: Array<MailKind> | MailKind | null | undefined;
  seatId?: string | null | undefined;
  recipient?: string | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type MailsQuery = { mails: { totalCount: number, nodes: Array<{ id: string, kind: MailKind, status: MailStatus, attempts: number, createdAt: string, nextAttemptAt: string | null, finishedAt: string | null, error: string | null, recipient: string | null, seat: { id: string, status: SeatStatus, email: string | null } | null }>, pageInfo: { endCursor: string | null, hasNextPage: boolean } } | null };

export type MemberSeatsQueryVariables = Exact<{
  id: string;
}>;


export type MemberSeatsQuery = { member: { id: string, email: string, name: string | null, role: MemberRole, customer: { id: string, email: string | null } | null, seats: { totalCount: number, nodes: Array<{ id: string, status: SeatStatus, subscription: { id: string, product: { name: string } } | null, order: { id: string } | null }> } | null } | null };

export type OrderSeatsQueryVariables = Exact<{
  id: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type OrderSeatsQuery = { customerOrder: { id: string, createdAt: string, modifiedAt: string | null, totalSeats: number, availableSeats: number, pendingSeats: number, claimedSeats: number, product: { name: string, createdAt: string, modifiedAt: string | null } | null, seats: { totalCount: number, nodes: Array<{ id: string, status: SeatStatus, email: string | null, member: { id: string, email: string } | null }> } | null, seatEvents: { nodes: Array<{ id: string, createdAt: string, type: SeatEventType, seat: { id: string, status: SeatStatus } | null }> } | null } | null };

export type OrganizationSettingsQueryVariables = Exact<{ [key: string]: never; }>;


export type OrganizationSettingsQuery = { viewer: { organizations: Array<{ id: string, settings: { sendsInvitations: boolean, reminderHours: number | null, returnUrl: string | null, invitationSubject: string | null, invitationText: string | null, invitationHtml: string | null } | null }> } | null };

export type OrganizationQueryVariables = Exact<{
  id?: string | null | undefined;
  customers?: CustomerFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type OrganizationQuery = { organization: { id: string, slug: string, name: string, memberModelEnabled: boolean, seatBasedPricingEnabled: boolean, usage: { id: string, total: number, available: number, pending: number, expiredInvitations: number, claimed: number, overage: number, utilization: number } | null, customers: { totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ id: string, name: string | null, email: string | null, externalId: string | null }> } | null, seats: { nodes: Array<{ id: string, status: SeatStatus, email: string | null, assignedAt: string }> } | null, subscriptions: { nodes: Array<{ id: string, status: CustomerSubscriptionStatus, seatAvailability: SeatAvailability, usage: { total: number, available: number }, product: { name: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null, orders: { totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ id: string, status: CustomerOrderStatus, seatAvailability: SeatAvailability }> } | null } | null };

export type PersonalDataQueryVariables = Exact<{
  input: PersonalDataInput;
}>;


export type PersonalDataQuery = { personalData:
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string }
    | { __typename: 'NotPermittedError', code: ErrorCode, message: string }
    | { __typename: 'PersonalDataSuccess', data: Record<string, unknown> | null }
    | { __typename: 'ResourceNotFoundError', code: ErrorCode, message: string }
   | null };

export type PreviewAssignSeatsQueryVariables = Exact<{
  input: AssignSeatsInput;
}>;


export type PreviewAssignSeatsQuery = { previewAssignSeats:
    | { __typename: 'FeatureNotEnabledError', code: ErrorCode, message: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string }
    | { __typename: 'NotPermittedError', code: ErrorCode, message: string }
    | { __typename: 'PreviewAssignSeatsSuccess', wouldCommit: boolean, assignedCount: number, refusedCount: number, results: Array<
        | { __typename: 'CustomerNotFoundError', code: ErrorCode, message: string }
        | { __typename: 'InvalidInputError', code: ErrorCode, message: string }
        | { __typename: 'InvalidSeatAssignmentRequestError', code: ErrorCode, message: string }
        | { __typename: 'ItemNotAttempted', index: number }
        | { __typename: 'MemberEmailMismatchError', code: ErrorCode, message: string }
        | { __typename: 'MemberNotFoundError', code: ErrorCode, message: string }
        | { __typename: 'SeatAlreadyAssignedError', code: ErrorCode, message: string }
        | { __typename: 'SeatNotAvailableError', code: ErrorCode, message: string }
        | { __typename: 'WouldAssignSeat', createsMember: boolean, sendsInvitation: boolean, recipient: { email: string | null, name: string | null, memberId: string | null, customerId: string | null } }
      >, usageAfter: { total: number, available: number, pending: number, claimed: number, overage: number } }
    | { __typename: 'ResourceNotFoundError', code: ErrorCode, message: string }
    | { __typename: 'SeatNotAvailableError', code: ErrorCode, message: string }
   | null };

export type PreviewRevokeSeatsQueryVariables = Exact<{
  input: RevokeSeatsInput;
}>;


export type PreviewRevokeSeatsQuery = { previewRevokeSeats:
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string }
    | { __typename: 'NotPermittedError', code: ErrorCode, message: string }
    | { __typename: 'PreviewRevokeSeatsSuccess', wouldCommit: boolean, revokedCount: number, refusedCount: number, results: Array<
        | { __typename: 'FeatureNotEnabledError', code: ErrorCode, message: string }
        | { __typename: 'ItemNotAttempted', index: number }
        | { __typename: 'ResourceNotFoundError', code: ErrorCode, message: string }
        | { __typename: 'WouldRevokeSeat', formerHolder: { email: string | null, name: string | null, memberId: string | null } | null }
      > }
   | null };

export type RedeliverWebhookMutationVariables = Exact<{
  input: RedeliverWebhookInput;
}>;


export type RedeliverWebhookMutation = { redeliverWebhook:
    | { __typename: 'IdempotencyInProgressError', code: ErrorCode, message: string }
    | { __typename: 'IdempotencyKeyReusedError', code: ErrorCode, message: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, code: InputIssueCode, message: string }> }
    | { __typename: 'NotPermittedError', code: ErrorCode, message: string }
    | { __typename: 'RedeliverWebhookSuccess', delivery: { id: string, status: WebhookDeliveryStatus, attempts: number, nextAttemptAt: string | null, finishedAt: string | null, event: { id: string, type: string } } }
    | { __typename: 'ResourceNotFoundError', code: ErrorCode, message: string }
   | null };

export type RemoveMemberMutationVariables = Exact<{
  input: RemoveMemberInput;
}>;


export type RemoveMemberMutation = { removeMember:
    | { __typename: 'IdempotencyInProgressError', code: ErrorCode, message: string }
    | { __typename: 'IdempotencyKeyReusedError', code: ErrorCode, message: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, code: InputIssueCode, message: string }> }
    | { __typename: 'NotPermittedError', code: ErrorCode, message: string }
    | { __typename: 'RemoveMemberSuccess', member: { id: string, email: string }, revokedSeats: Array<{ id: string, status: SeatStatus }> }
    | { __typename: 'ResourceNotFoundError', code: ErrorCode, message: string }
   | null };

export type ResendSeatInvitationMutationVariables = Exact<{
  input: ResendSeatInvitationInput;
}>;


export type ResendSeatInvitationMutation = { resendSeatInvitation:
    | { __typename: 'FeatureNotEnabledError', code: ErrorCode, message: string }
    | { __typename: 'IdempotencyInProgressError', code: ErrorCode, message: string }
    | { __typename: 'IdempotencyKeyReusedError', code: ErrorCode, message: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string }
    | { __typename: 'InvalidInvitationTokenError', code: ErrorCode, message: string }
    | { __typename: 'InvitationsDeclinedError', code: ErrorCode, message: string }
    | { __typename: 'NotPermittedError', code: ErrorCode, message: string }
    | { __typename: 'RateLimitedError', retryAt: string, retryAfter: number, code: ErrorCode, message: string }
    | { __typename: 'ResendSeatInvitationSuccess', seat: { id: string, status: SeatStatus, modifiedAt: string | null, invitationTokenExpiresAt: string | null } }
    | { __typename: 'ResourceNotFoundError', code: ErrorCode, message: string }
    | { __typename: 'SeatNotPendingError', code: ErrorCode, message: string }
   | null };

export type RevokeSeatMutationVariables = Exact<{
  input: RevokeSeatInput;
}>;


export type RevokeSeatMutation = { revokeSeat:
    | { __typename: 'FeatureNotEnabledError', code: ErrorCode, message: string }
    | { __typename: 'IdempotencyInProgressError', code: ErrorCode, message: string }
    | { __typename: 'IdempotencyKeyReusedError', code: ErrorCode, message: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string }
    | { __typename: 'NotPermittedError', code: ErrorCode, message: string }
    | { __typename: 'ResourceNotFoundError', code: ErrorCode, message: string }
    | { __typename: 'RevokeSeatSuccess', seat: { id: string, status: SeatStatus, email: string | null, customerEmail: string | null, customerId: string | null, memberId: string | null, revokedAt: string | null, claimedAt: string | null, member: { id: string, email: string } | null }, formerHolder: { email: string | null, name: string | null, memberId: string | null, customerId: string | null } | null, pool:
        | { id: string, totalSeats: number, availableSeats: number }
        | { id: string, totalSeats: number, availableSeats: number }
       | null }
   | null };

export type RevokeSeatsMutationVariables = Exact<{
  input: RevokeSeatsInput;
}>;


export type RevokeSeatsMutation = { revokeSeats:
    | { __typename: 'IdempotencyInProgressError', code: ErrorCode, message: string }
    | { __typename: 'IdempotencyKeyReusedError', code: ErrorCode, message: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string }
    | { __typename: 'NotPermittedError', code: ErrorCode, message: string }
    | { __typename: 'RevokeSeatsSuccess', isCommitted: boolean, isReplay: boolean, revokedCount: number, refusedCount: number, results: Array<
        | { __typename: 'FeatureNotEnabledError', code: ErrorCode, message: string }
        | { __typename: 'ItemNotAttempted', index: number }
        | { __typename: 'ResourceNotFoundError', code: ErrorCode, message: string }
        | { __typename: 'RevokeSeatSuccess', seat: { id: string, status: SeatStatus }, formerHolder: { email: string | null, name: string | null, memberId: string | null } | null }
      >, pools: Array<
        | { id: string, totalSeats: number, availableSeats: number }
        | { id: string, totalSeats: number, availableSeats: number }
      > }
   | null };

export type RotateWebhookSecretMutationVariables = Exact<{
  input: RotateWebhookSecretInput;
}>;


export type RotateWebhookSecretMutation = { rotateWebhookSecret:
    | { __typename: 'NotPermittedError', code: ErrorCode, message: string }
    | { __typename: 'ResourceNotFoundError', code: ErrorCode, message: string }
    | { __typename: 'RotateWebhookSecretSuccess', secret: string, endpoint: { id: string, url: string, events: Array<WebhookEventType>, disabledAt: string | null, consecutiveFailures: number, previousSecretExpiresAt: string | null } }
   | null };

export type SeatClaimInfoQueryVariables = Exact<{
  invitationToken: string;
}>;


export type SeatClaimInfoQuery = { seatClaimInfo: { productName: string, productId: string, organizationName: string, organizationSlug: string, customerEmail: string, canClaim: boolean } | null };

export type SeatEventsQueryVariables = Exact<{
  filter?: SeatEventFilter | null | undefined;
  organizationId?: string | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type SeatEventsQuery = { seatEvents: { nodes: Array<{ id: string, cursor: string, createdAt: string, type: SeatEventType, seatId: string, status: SeatStatus, holder: { email: string | null, name: string | null, memberId: string | null, customerId: string | null }, pool:
        | { __typename: 'CustomerOrder', id: string }
        | { __typename: 'CustomerSubscription', id: string }
       | null, actor: { kind: ActorKind, id: string | null, label: string | null, via: ActorChannel } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null };

export type SeatHistoryQueryVariables = Exact<{
  id: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type SeatHistoryQuery = { customerSeat: { id: string, status: SeatStatus, assignedAt: string, invitation: { state: SeatInvitationState, expiresAt: string | null, lastSentAt: string | null } | null, pool:
      | { __typename: 'CustomerOrder', id: string, seatAvailability: SeatAvailability }
      | { __typename: 'CustomerSubscription', id: string, seatAvailability: SeatAvailability }
     | null, history: { totalCount: number, nodes: Array<{ id: string, createdAt: string, type: SeatEventType, status: SeatStatus, holder: { email: string | null, name: string | null, memberId: string | null, customerId: string | null }, actor: { kind: ActorKind, id: string | null, label: string | null, via: ActorChannel } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null } | null };

export type SeatPoolQueryVariables = Exact<{
  source: SeatSourceInput;
}>;


export type SeatPoolQuery = { seatPool:
    | { __typename: 'CustomerOrder', id: string, externalId: string | null, checkoutId: string | null, totalSeats: number, availableSeats: number, seatAvailability: SeatAvailability, product: { externalId: string | null, name: string } | null, customer: { id: string, name: string | null, email: string | null } | null, usage: { pending: number, expiredInvitations: number, claimed: number, overage: number } }
    | { __typename: 'CustomerSubscription', id: string, externalId: string | null, checkoutId: string | null, totalSeats: number, availableSeats: number, seatAvailability: SeatAvailability, product: { externalId: string | null, name: string }, customer: { id: string, name: string | null, email: string | null } | null, usage: { pending: number, expiredInvitations: number, claimed: number, overage: number } }
   | null };

export type SendTestWebhookMutationVariables = Exact<{
  input: SendTestWebhookInput;
}>;


export type SendTestWebhookMutation = { sendTestWebhook:
    | { __typename: 'IdempotencyInProgressError', code: ErrorCode, message: string }
    | { __typename: 'IdempotencyKeyReusedError', code: ErrorCode, message: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, code: InputIssueCode, message: string }> }
    | { __typename: 'NotPermittedError', code: ErrorCode, message: string }
    | { __typename: 'ResourceNotFoundError', code: ErrorCode, message: string }
    | { __typename: 'SendTestWebhookSuccess', delivery: { id: string, status: WebhookDeliveryStatus, attempts: number, nextAttemptAt: string | null, finishedAt: string | null, event: { id: string, type: string } } }
   | null };

export type SubscriptionSeatsQueryVariables = Exact<{
  id: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
  filter?: CustomerSeatFilter | null | undefined;
}>;


export type SubscriptionSeatsQuery = { customerSubscription: { id: string, createdAt: string, modifiedAt: string | null, totalSeats: number, availableSeats: number, pendingSeats: number, claimedSeats: number, seats: { totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ id: string, status: SeatStatus, email: string | null, member: { id: string, email: string, name: string | null } | null }> } | null, seatEvents: { nodes: Array<{ id: string, createdAt: string, type: SeatEventType }> } | null } | null };

export type SyncBillingMutationVariables = Exact<{
  input: SyncBillingInput;
}>;


export type SyncBillingMutation = { syncBilling:
    | { code: ErrorCode, message: string, issues: Array<{ path: Array<string>, code: InputIssueCode, message: string }> }
    | { code: ErrorCode, message: string }
    | { code: ErrorCode, message: string, poolId: string, liveSeats: number, total: number }
    | { code: ErrorCode, message: string }
    | { changedCount: number, staleCount: number, revokedCount: number, pools: Array<
        | { id: string, externalId: string | null, totalSeats: number, availableSeats: number }
        | { id: string, externalId: string | null, totalSeats: number, availableSeats: number }
      > }
   | null };

export type TransferSeatMutationVariables = Exact<{
  input: TransferSeatInput;
}>;


export type TransferSeatMutation = { transferSeat:
    | { __typename: 'CustomerNotFoundError', code: ErrorCode, message: string }
    | { __typename: 'FeatureNotEnabledError', code: ErrorCode, message: string }
    | { __typename: 'IdempotencyInProgressError', code: ErrorCode, message: string }
    | { __typename: 'IdempotencyKeyReusedError', code: ErrorCode, message: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string }
    | { __typename: 'InvalidSeatAssignmentRequestError', code: ErrorCode, message: string }
    | { __typename: 'MemberEmailMismatchError', code: ErrorCode, message: string }
    | { __typename: 'MemberNotFoundError', code: ErrorCode, message: string }
    | { __typename: 'NotPermittedError', code: ErrorCode, message: string }
    | { __typename: 'ResourceNotFoundError', code: ErrorCode, message: string }
    | { __typename: 'SeatAlreadyAssignedError', code: ErrorCode, message: string }
    | { __typename: 'SeatNotAvailableError', code: ErrorCode, message: string }
    | { __typename: 'SeatNotLiveError', code: ErrorCode, message: string }
    | { __typename: 'TransferSeatSuccess', isReplay: boolean, seat: { id: string, status: SeatStatus, email: string | null, memberId: string | null, metadata: Record<string, unknown>, assignedAt: string }, formerHolder: { email: string | null, name: string | null, memberId: string | null, customerId: string | null } }
   | null };

export type UpdateMemberMutationVariables = Exact<{
  input: UpdateMemberInput;
}>;


export type UpdateMemberMutation = { updateMember:
    | { __typename: 'IdempotencyInProgressError', code: ErrorCode, message: string }
    | { __typename: 'IdempotencyKeyReusedError', code: ErrorCode, message: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, code: InputIssueCode, message: string }> }
    | { __typename: 'NotPermittedError', code: ErrorCode, message: string }
    | { __typename: 'ResourceNotFoundError', code: ErrorCode, message: string }
    | { __typename: 'UpdateMemberSuccess', member: { id: string, email: string, name: string | null, role: MemberRole, modifiedAt: string | null } }
   | null };

export type UpdateOrganizationSettingsMutationVariables = Exact<{
  input: UpdateOrganizationSettingsInput;
}>;


export type UpdateOrganizationSettingsMutation = { updateOrganizationSettings:
    | { __typename: 'IdempotencyInProgressError', code: ErrorCode, message: string }
    | { __typename: 'IdempotencyKeyReusedError', code: ErrorCode, message: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, code: InputIssueCode, message: string }> }
    | { __typename: 'NotPermittedError', code: ErrorCode, message: string }
    | { __typename: 'ResourceNotFoundError', code: ErrorCode, message: string }
    | { __typename: 'UpdateOrganizationSettingsSuccess', organization: { id: string, settings: { sendsInvitations: boolean, reminderHours: number | null, returnUrl: string | null, invitationSubject: string | null, invitationText: string | null, invitationHtml: string | null } | null } }
   | null };

export type UpdateSeatMutationVariables = Exact<{
  input: UpdateSeatInput;
}>;


export type UpdateSeatMutation = { updateSeat:
    | { __typename: 'FeatureNotEnabledError', code: ErrorCode, message: string }
    | { __typename: 'IdempotencyInProgressError', code: ErrorCode, message: string }
    | { __typename: 'IdempotencyKeyReusedError', code: ErrorCode, message: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string }
    | { __typename: 'NotPermittedError', code: ErrorCode, message: string }
    | { __typename: 'ResourceNotFoundError', code: ErrorCode, message: string }
    | { __typename: 'UpdateSeatSuccess', seat: { id: string, metadata: Record<string, unknown>, modifiedAt: string | null } }
   | null };

export type UpdateWebhookEndpointMutationVariables = Exact<{
  input: UpdateWebhookEndpointInput;
}>;


export type UpdateWebhookEndpointMutation = { updateWebhookEndpoint:
    | { __typename: 'IdempotencyInProgressError', code: ErrorCode, message: string }
    | { __typename: 'IdempotencyKeyReusedError', code: ErrorCode, message: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, code: InputIssueCode, message: string }> }
    | { __typename: 'NotPermittedError', code: ErrorCode, message: string }
    | { __typename: 'ResourceNotFoundError', code: ErrorCode, message: string }
    | { __typename: 'UpdateWebhookEndpointSuccess', endpoint: { id: string, url: string, events: Array<WebhookEventType>, disabledAt: string | null, consecutiveFailures: number, previousSecretExpiresAt: string | null } }
   | null };

export type ViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerQuery = { viewer: { kind: ViewerKind, scopes: Array<string>, organizations: Array<{ id: string, slug: string, name: string }>, customer: { id: string, email: string | null } | null, member: { id: string, email: string, role: MemberRole } | null } | null };

export type WebhookDeliveriesQueryVariables = Exact<{
  id: string;
  status?: Array<WebhookDeliveryStatus> | WebhookDeliveryStatus | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type WebhookDeliveriesQuery = { webhookEndpoint: { id: string, url: string, disabledAt: string | null, deliveries: { totalCount: number, nodes: Array<{ id: string, status: WebhookDeliveryStatus, attempts: number, createdAt: string, nextAttemptAt: string | null, lastAttemptAt: string | null, finishedAt: string | null, durationMs: number | null, responseStatus: number | null, responseBody: string | null, error: string | null, event: { id: string, type: string, createdAt: string, seatId: string, payload: Record<string, unknown> } }>, pageInfo: { startCursor: string | null, endCursor: string | null, hasNextPage: boolean, hasPreviousPage: boolean } } } | null };

export type WebhookDeliveryQueryVariables = Exact<{
  id: string;
}>;


export type WebhookDeliveryQuery = { webhookDelivery: { id: string, status: WebhookDeliveryStatus, attempts: number, nextAttemptAt: string | null, responseStatus: number | null, responseBody: string | null, error: string | null, endpoint: { id: string, url: string }, event: { id: string, type: string, payload: Record<string, unknown> } } | null };

export type WebhookEndpointsQueryVariables = Exact<{
  organizationId?: string | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type WebhookEndpointsQuery = { webhookEndpoints: { totalCount: number, nodes: Array<{ id: string, url: string, events: Array<WebhookEventType>, createdAt: string, modifiedAt: string | null, disabledAt: string | null, consecutiveFailures: number, previousSecretExpiresAt: string | null, organization: { id: string } }>, pageInfo: { endCursor: string | null, hasNextPage: boolean } } | null };


export const AssignSeatDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"AssignSeat"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"AssignSeatInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"assignSeat"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AssignSeatSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"seat"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"subscriptionId"}},{"kind":"Field","name":{"kind":"Name","value":"orderId"}},{"kind":"Field","name":{"kind":"Name","value":"customerId"}},{"kind":"Field","name":{"kind":"Name","value":"memberId"}},{"kind":"Field","name":{"kind":"Name","value":"metadata"}},{"kind":"Field","name":{"kind":"Name","value":"invitationTokenExpiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"claimedAt"}},{"kind":"Field","name":{"kind":"Name","value":"member"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pool"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"totalSeats"}},{"kind":"Field","name":{"kind":"Name","value":"availableSeats"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SeatAlreadyAssignedError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"holder"}},{"kind":"Field","name":{"kind":"Name","value":"existingSeat"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SeatNotAvailableError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sourceId"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInputError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"issues"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]}}]} as unknown as DocumentNode<AssignSeatMutation, AssignSeatMutationVariables>;
export const AssignSeatsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"AssignSeats"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"AssignSeatsInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"assignSeats"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AssignSeatsSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"isCommitted"}},{"kind":"Field","name":{"kind":"Name","value":"isReplay"}},{"kind":"Field","name":{"kind":"Name","value":"assignedCount"}},{"kind":"Field","name":{"kind":"Name","value":"refusedCount"}},{"kind":"Field","name":{"kind":"Name","value":"results"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AssignSeatSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"seat"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"memberId"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ItemNotAttempted"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"index"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInputError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"issues"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pool"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"totalSeats"}},{"kind":"Field","name":{"kind":"Name","value":"availableSeats"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"IdempotencyInProgressError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryAfter"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<AssignSeatsMutation, AssignSeatsMutationVariables>;
export const AuditEventsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"AuditEvents"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"AuditEventFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"organizationId"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}},"defaultValue":{"kind":"IntValue","value":"20"}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"auditEvents"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"organizationId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"organizationId"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"subjectId"}},{"kind":"Field","name":{"kind":"Name","value":"subjectLabel"}},{"kind":"Field","name":{"kind":"Name","value":"changes"}},{"kind":"Field","name":{"kind":"Name","value":"actor"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"via"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}}]} as unknown as DocumentNode<AuditEventsQuery, AuditEventsQueryVariables>;
export const ClaimSeatDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ClaimSeat"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ClaimSeatInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"claimSeat"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ClaimSeatSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"seat"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"claimedAt"}},{"kind":"Field","name":{"kind":"Name","value":"customerId"}},{"kind":"Field","name":{"kind":"Name","value":"memberId"}},{"kind":"Field","name":{"kind":"Name","value":"member"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"email"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"customerSessionToken"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<ClaimSeatMutation, ClaimSeatMutationVariables>;
export const ClaimedSubscriptionsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ClaimedSubscriptions"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"claimedSubscriptions"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"product"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}}]}}]} as unknown as DocumentNode<ClaimedSubscriptionsQuery, ClaimedSubscriptionsQueryVariables>;
export const CreateCustomerSessionDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreateCustomerSession"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateCustomerSessionInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createCustomerSession"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CreateCustomerSessionSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"token"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"customer"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"Field","name":{"kind":"Name","value":"member"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"role"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInputError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"issues"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]}}]} as unknown as DocumentNode<CreateCustomerSessionMutation, CreateCustomerSessionMutationVariables>;
export const CreateWebhookEndpointDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreateWebhookEndpoint"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateWebhookEndpointInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createWebhookEndpoint"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CreateWebhookEndpointSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"endpoint"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"events"}},{"kind":"Field","name":{"kind":"Name","value":"disabledAt"}},{"kind":"Field","name":{"kind":"Name","value":"consecutiveFailures"}},{"kind":"Field","name":{"kind":"Name","value":"previousSecretExpiresAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"secret"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInputError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"issues"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]}}]} as unknown as DocumentNode<CreateWebhookEndpointMutation, CreateWebhookEndpointMutationVariables>;
export const CustomerSeatDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"CustomerSeat"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"customerSeat"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"customerEmail"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"modifiedAt"}},{"kind":"Field","name":{"kind":"Name","value":"claimedAt"}},{"kind":"Field","name":{"kind":"Name","value":"revokedAt"}},{"kind":"Field","name":{"kind":"Name","value":"invitationUrl"}},{"kind":"Field","name":{"kind":"Name","value":"member"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"externalId"}},{"kind":"Field","name":{"kind":"Name","value":"role"}}]}}]}}]}}]} as unknown as DocumentNode<CustomerSeatQuery, CustomerSeatQueryVariables>;
export const CustomerDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Customer"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"by"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CustomerLookupInput"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"organizationId"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"members"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"MemberFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"pools"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"SeatPoolFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"seats"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"CustomerSeatFilter"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"customer"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"by"},"value":{"kind":"Variable","name":{"kind":"Name","value":"by"}}},{"kind":"Argument","name":{"kind":"Name","value":"organizationId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"organizationId"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"modifiedAt"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"externalId"}},{"kind":"Field","name":{"kind":"Name","value":"organization"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"usage"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"total"}},{"kind":"Field","name":{"kind":"Name","value":"available"}},{"kind":"Field","name":{"kind":"Name","value":"pending"}},{"kind":"Field","name":{"kind":"Name","value":"claimed"}}]}},{"kind":"Field","name":{"kind":"Name","value":"members"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"20"}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"members"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"modifiedAt"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"role"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"seats"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"20"}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"seats"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"email"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"subscriptions"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"20"}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"pools"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"totalSeats"}},{"kind":"Field","name":{"kind":"Name","value":"availableSeats"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"orders"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"20"}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"pools"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"totalSeats"}},{"kind":"Field","name":{"kind":"Name","value":"availableSeats"}}]}}]}}]}}]}}]} as unknown as DocumentNode<CustomerQuery, CustomerQueryVariables>;
export const DeleteWebhookEndpointDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DeleteWebhookEndpoint"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"DeleteWebhookEndpointInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deleteWebhookEndpoint"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"DeleteWebhookEndpointSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"endpoint"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<DeleteWebhookEndpointMutation, DeleteWebhookEndpointMutationVariables>;
export const DisableWebhookEndpointDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DisableWebhookEndpoint"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"DisableWebhookEndpointInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"disableWebhookEndpoint"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"DisableWebhookEndpointSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"endpoint"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"events"}},{"kind":"Field","name":{"kind":"Name","value":"disabledAt"}},{"kind":"Field","name":{"kind":"Name","value":"consecutiveFailures"}},{"kind":"Field","name":{"kind":"Name","value":"previousSecretExpiresAt"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<DisableWebhookEndpointMutation, DisableWebhookEndpointMutationVariables>;
export const EnableWebhookEndpointDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"EnableWebhookEndpoint"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"EnableWebhookEndpointInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"enableWebhookEndpoint"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"EnableWebhookEndpointSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"endpoint"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"events"}},{"kind":"Field","name":{"kind":"Name","value":"disabledAt"}},{"kind":"Field","name":{"kind":"Name","value":"consecutiveFailures"}},{"kind":"Field","name":{"kind":"Name","value":"previousSecretExpiresAt"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<EnableWebhookEndpointMutation, EnableWebhookEndpointMutationVariables>;
export const EndMembershipDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"EndMembership"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"EndMembershipInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"endMembership"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"EndMembershipSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"organization"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"Field","name":{"kind":"Name","value":"userId"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInputError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"issues"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]}}]} as unknown as DocumentNode<EndMembershipMutation, EndMembershipMutationVariables>;
export const EndSessionsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"EndSessions"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"EndSessionsInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"endSessions"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"EndSessionsSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"endedSessions"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInputError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"issues"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]}}]} as unknown as DocumentNode<EndSessionsMutation, EndSessionsMutationVariables>;
export const ErasePersonDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ErasePerson"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ErasePersonInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"erasePerson"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ErasePersonSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"erasedRows"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"members"}},{"kind":"Field","name":{"kind":"Name","value":"customers"}},{"kind":"Field","name":{"kind":"Name","value":"seats"}},{"kind":"Field","name":{"kind":"Name","value":"sessions"}},{"kind":"Field","name":{"kind":"Name","value":"events"}},{"kind":"Field","name":{"kind":"Name","value":"archivedEvents"}},{"kind":"Field","name":{"kind":"Name","value":"deliveries"}},{"kind":"Field","name":{"kind":"Name","value":"mails"}},{"kind":"Field","name":{"kind":"Name","value":"optOuts"}},{"kind":"Field","name":{"kind":"Name","value":"auditEvents"}},{"kind":"Field","name":{"kind":"Name","value":"importedRows"}},{"kind":"Field","name":{"kind":"Name","value":"idempotencyKeys"}}]}},{"kind":"Field","name":{"kind":"Name","value":"revokedSeats"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInputError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"issues"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]}}]} as unknown as DocumentNode<ErasePersonMutation, ErasePersonMutationVariables>;
export const FindSeatsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"FindSeats"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"CustomerSeatFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"orderBy"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"CustomerSeatOrder"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"organizationId"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}},"defaultValue":{"kind":"IntValue","value":"20"}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"customerSeats"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"Variable","name":{"kind":"Name","value":"orderBy"}}},{"kind":"Argument","name":{"kind":"Name","value":"organizationId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"organizationId"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"assignedAt"}},{"kind":"Field","name":{"kind":"Name","value":"claimedAt"}},{"kind":"Field","name":{"kind":"Name","value":"metadata"}},{"kind":"Field","name":{"kind":"Name","value":"invitation"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"member"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"externalId"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pool"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}}]} as unknown as DocumentNode<FindSeatsQuery, FindSeatsQueryVariables>;
export const MailsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Mails"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"organizationId"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"status"}},"type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"MailStatus"}}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"kind"}},"type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"MailKind"}}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"seatId"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"recipient"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"mails"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"organizationId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"organizationId"}}},{"kind":"Argument","name":{"kind":"Name","value":"status"},"value":{"kind":"Variable","name":{"kind":"Name","value":"status"}}},{"kind":"Argument","name":{"kind":"Name","value":"kind"},"value":{"kind":"Variable","name":{"kind":"Name","value":"kind"}}},{"kind":"Argument","name":{"kind":"Name","value":"seatId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"seatId"}}},{"kind":"Argument","name":{"kind":"Name","value":"recipient"},"value":{"kind":"Variable","name":{"kind":"Name","value":"recipient"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"attempts"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"nextAttemptAt"}},{"kind":"Field","name":{"kind":"Name","value":"finishedAt"}},{"kind":"Field","name":{"kind":"Name","value":"error"}},{"kind":"Field","name":{"kind":"Name","value":"recipient"}},{"kind":"Field","name":{"kind":"Name","value":"seat"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"email"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"endCursor"}},{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}}]}}]}}]}}]} as unknown as DocumentNode<MailsQuery, MailsQueryVariables>;
export const MemberSeatsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"MemberSeats"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"member"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"role"}},{"kind":"Field","name":{"kind":"Name","value":"customer"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"email"}}]}},{"kind":"Field","name":{"kind":"Name","value":"seats"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"10"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"subscription"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"product"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"order"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<MemberSeatsQuery, MemberSeatsQueryVariables>;
export const OrderSeatsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"OrderSeats"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"customerOrder"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"modifiedAt"}},{"kind":"Field","name":{"kind":"Name","value":"totalSeats"}},{"kind":"Field","name":{"kind":"Name","value":"availableSeats"}},{"kind":"Field","name":{"kind":"Name","value":"pendingSeats"}},{"kind":"Field","name":{"kind":"Name","value":"claimedSeats"}},{"kind":"Field","name":{"kind":"Name","value":"product"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"modifiedAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"seats"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"member"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"email"}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"seatEvents"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"5"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"seat"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<OrderSeatsQuery, OrderSeatsQueryVariables>;
export const OrganizationSettingsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"OrganizationSettings"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"viewer"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"organizations"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"settings"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sendsInvitations"}},{"kind":"Field","name":{"kind":"Name","value":"reminderHours"}},{"kind":"Field","name":{"kind":"Name","value":"returnUrl"}},{"kind":"Field","name":{"kind":"Name","value":"invitationSubject"}},{"kind":"Field","name":{"kind":"Name","value":"invitationText"}},{"kind":"Field","name":{"kind":"Name","value":"invitationHtml"}}]}}]}}]}}]}}]} as unknown as DocumentNode<OrganizationSettingsQuery, OrganizationSettingsQueryVariables>;
export const OrganizationDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Organization"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"customers"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"CustomerFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}},"defaultValue":{"kind":"IntValue","value":"20"}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"organization"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"slug"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"memberModelEnabled"}},{"kind":"Field","name":{"kind":"Name","value":"seatBasedPricingEnabled"}},{"kind":"Field","name":{"kind":"Name","value":"usage"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"total"}},{"kind":"Field","name":{"kind":"Name","value":"available"}},{"kind":"Field","name":{"kind":"Name","value":"pending"}},{"kind":"Field","name":{"kind":"Name","value":"expiredInvitations"}},{"kind":"Field","name":{"kind":"Name","value":"claimed"}},{"kind":"Field","name":{"kind":"Name","value":"overage"}},{"kind":"Field","name":{"kind":"Name","value":"utilization"}}]}},{"kind":"Field","name":{"kind":"Name","value":"customers"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"customers"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"externalId"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"seats"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"field"},"value":{"kind":"EnumValue","value":"ASSIGNED_AT"}},{"kind":"ObjectField","name":{"kind":"Name","value":"direction"},"value":{"kind":"EnumValue","value":"DESC"}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"assignedAt"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"subscriptions"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"seatAvailability"}},{"kind":"Field","name":{"kind":"Name","value":"usage"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"total"}},{"kind":"Field","name":{"kind":"Name","value":"available"}}]}},{"kind":"Field","name":{"kind":"Name","value":"product"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"orders"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"seatAvailability"}}]}}]}}]}}]}}]} as unknown as DocumentNode<OrganizationQuery, OrganizationQueryVariables>;
export const PersonalDataDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"PersonalData"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"PersonalDataInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"personalData"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PersonalDataSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"data"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<PersonalDataQuery, PersonalDataQueryVariables>;
export const PreviewAssignSeatsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"PreviewAssignSeats"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"AssignSeatsInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"previewAssignSeats"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PreviewAssignSeatsSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"wouldCommit"}},{"kind":"Field","name":{"kind":"Name","value":"assignedCount"}},{"kind":"Field","name":{"kind":"Name","value":"refusedCount"}},{"kind":"Field","name":{"kind":"Name","value":"results"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"WouldAssignSeat"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"recipient"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"memberId"}},{"kind":"Field","name":{"kind":"Name","value":"customerId"}}]}},{"kind":"Field","name":{"kind":"Name","value":"createsMember"}},{"kind":"Field","name":{"kind":"Name","value":"sendsInvitation"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ItemNotAttempted"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"index"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"usageAfter"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"total"}},{"kind":"Field","name":{"kind":"Name","value":"available"}},{"kind":"Field","name":{"kind":"Name","value":"pending"}},{"kind":"Field","name":{"kind":"Name","value":"claimed"}},{"kind":"Field","name":{"kind":"Name","value":"overage"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<PreviewAssignSeatsQuery, PreviewAssignSeatsQueryVariables>;
export const PreviewRevokeSeatsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"PreviewRevokeSeats"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"RevokeSeatsInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"previewRevokeSeats"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PreviewRevokeSeatsSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"wouldCommit"}},{"kind":"Field","name":{"kind":"Name","value":"revokedCount"}},{"kind":"Field","name":{"kind":"Name","value":"refusedCount"}},{"kind":"Field","name":{"kind":"Name","value":"results"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"WouldRevokeSeat"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"formerHolder"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"memberId"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ItemNotAttempted"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"index"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<PreviewRevokeSeatsQuery, PreviewRevokeSeatsQueryVariables>;
export const RedeliverWebhookDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"RedeliverWebhook"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"RedeliverWebhookInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"redeliverWebhook"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RedeliverWebhookSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"delivery"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"attempts"}},{"kind":"Field","name":{"kind":"Name","value":"nextAttemptAt"}},{"kind":"Field","name":{"kind":"Name","value":"finishedAt"}},{"kind":"Field","name":{"kind":"Name","value":"event"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"type"}}]}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInputError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"issues"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]}}]} as unknown as DocumentNode<RedeliverWebhookMutation, RedeliverWebhookMutationVariables>;
export const RemoveMemberDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"RemoveMember"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"RemoveMemberInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"removeMember"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RemoveMemberSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"member"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"email"}}]}},{"kind":"Field","name":{"kind":"Name","value":"revokedSeats"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInputError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"issues"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]}}]} as unknown as DocumentNode<RemoveMemberMutation, RemoveMemberMutationVariables>;
export const ResendSeatInvitationDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ResendSeatInvitation"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ResendSeatInvitationInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"resendSeatInvitation"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ResendSeatInvitationSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"seat"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"modifiedAt"}},{"kind":"Field","name":{"kind":"Name","value":"invitationTokenExpiresAt"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RateLimitedError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryAt"}},{"kind":"Field","name":{"kind":"Name","value":"retryAfter"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<ResendSeatInvitationMutation, ResendSeatInvitationMutationVariables>;
export const RevokeSeatDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"RevokeSeat"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"RevokeSeatInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"revokeSeat"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RevokeSeatSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"seat"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"customerEmail"}},{"kind":"Field","name":{"kind":"Name","value":"customerId"}},{"kind":"Field","name":{"kind":"Name","value":"memberId"}},{"kind":"Field","name":{"kind":"Name","value":"revokedAt"}},{"kind":"Field","name":{"kind":"Name","value":"claimedAt"}},{"kind":"Field","name":{"kind":"Name","value":"member"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"email"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"formerHolder"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"memberId"}},{"kind":"Field","name":{"kind":"Name","value":"customerId"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pool"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"totalSeats"}},{"kind":"Field","name":{"kind":"Name","value":"availableSeats"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<RevokeSeatMutation, RevokeSeatMutationVariables>;
export const RevokeSeatsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"RevokeSeats"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"RevokeSeatsInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"revokeSeats"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RevokeSeatsSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"isCommitted"}},{"kind":"Field","name":{"kind":"Name","value":"isReplay"}},{"kind":"Field","name":{"kind":"Name","value":"revokedCount"}},{"kind":"Field","name":{"kind":"Name","value":"refusedCount"}},{"kind":"Field","name":{"kind":"Name","value":"results"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RevokeSeatSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"seat"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}},{"kind":"Field","name":{"kind":"Name","value":"formerHolder"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"memberId"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ItemNotAttempted"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"index"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pools"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"totalSeats"}},{"kind":"Field","name":{"kind":"Name","value":"availableSeats"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<RevokeSeatsMutation, RevokeSeatsMutationVariables>;
export const RotateWebhookSecretDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"RotateWebhookSecret"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"RotateWebhookSecretInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"rotateWebhookSecret"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RotateWebhookSecretSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"endpoint"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"events"}},{"kind":"Field","name":{"kind":"Name","value":"disabledAt"}},{"kind":"Field","name":{"kind":"Name","value":"consecutiveFailures"}},{"kind":"Field","name":{"kind":"Name","value":"previousSecretExpiresAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"secret"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<RotateWebhookSecretMutation, RotateWebhookSecretMutationVariables>;
export const SeatClaimInfoDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"SeatClaimInfo"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"invitationToken"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"seatClaimInfo"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"invitationToken"},"value":{"kind":"Variable","name":{"kind":"Name","value":"invitationToken"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"productName"}},{"kind":"Field","name":{"kind":"Name","value":"productId"}},{"kind":"Field","name":{"kind":"Name","value":"organizationName"}},{"kind":"Field","name":{"kind":"Name","value":"organizationSlug"}},{"kind":"Field","name":{"kind":"Name","value":"customerEmail"}},{"kind":"Field","name":{"kind":"Name","value":"canClaim"}}]}}]}}]} as unknown as DocumentNode<SeatClaimInfoQuery, SeatClaimInfoQueryVariables>;
export const SeatEventsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"SeatEvents"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"SeatEventFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"organizationId"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}},"defaultValue":{"kind":"IntValue","value":"20"}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"seatEvents"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"organizationId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"organizationId"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"seatId"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"holder"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"memberId"}},{"kind":"Field","name":{"kind":"Name","value":"customerId"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pool"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"Field","name":{"kind":"Name","value":"actor"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"via"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}}]} as unknown as DocumentNode<SeatEventsQuery, SeatEventsQueryVariables>;
export const SeatHistoryDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"SeatHistory"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}},"defaultValue":{"kind":"IntValue","value":"50"}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"customerSeat"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"assignedAt"}},{"kind":"Field","name":{"kind":"Name","value":"invitation"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastSentAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pool"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"seatAvailability"}}]}},{"kind":"Field","name":{"kind":"Name","value":"history"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"holder"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"memberId"}},{"kind":"Field","name":{"kind":"Name","value":"customerId"}}]}},{"kind":"Field","name":{"kind":"Name","value":"actor"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"via"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}}]}}]} as unknown as DocumentNode<SeatHistoryQuery, SeatHistoryQueryVariables>;
export const SeatPoolDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"SeatPool"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"source"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"SeatSourceInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"seatPool"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"source"},"value":{"kind":"Variable","name":{"kind":"Name","value":"source"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"externalId"}},{"kind":"Field","name":{"kind":"Name","value":"checkoutId"}},{"kind":"Field","name":{"kind":"Name","value":"totalSeats"}},{"kind":"Field","name":{"kind":"Name","value":"availableSeats"}},{"kind":"Field","name":{"kind":"Name","value":"seatAvailability"}},{"kind":"Field","name":{"kind":"Name","value":"product"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"externalId"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"customer"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"email"}}]}},{"kind":"Field","name":{"kind":"Name","value":"usage"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"pending"}},{"kind":"Field","name":{"kind":"Name","value":"expiredInvitations"}},{"kind":"Field","name":{"kind":"Name","value":"claimed"}},{"kind":"Field","name":{"kind":"Name","value":"overage"}}]}}]}}]}}]} as unknown as DocumentNode<SeatPoolQuery, SeatPoolQueryVariables>;
export const SendTestWebhookDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"SendTestWebhook"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"SendTestWebhookInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sendTestWebhook"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SendTestWebhookSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"delivery"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"attempts"}},{"kind":"Field","name":{"kind":"Name","value":"nextAttemptAt"}},{"kind":"Field","name":{"kind":"Name","value":"finishedAt"}},{"kind":"Field","name":{"kind":"Name","value":"event"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"type"}}]}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInputError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"issues"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]}}]} as unknown as DocumentNode<SendTestWebhookMutation, SendTestWebhookMutationVariables>;
export const SubscriptionSeatsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"SubscriptionSeats"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"CustomerSeatFilter"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"customerSubscription"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"modifiedAt"}},{"kind":"Field","name":{"kind":"Name","value":"totalSeats"}},{"kind":"Field","name":{"kind":"Name","value":"availableSeats"}},{"kind":"Field","name":{"kind":"Name","value":"pendingSeats"}},{"kind":"Field","name":{"kind":"Name","value":"claimedSeats"}},{"kind":"Field","name":{"kind":"Name","value":"seats"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"member"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"seatEvents"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"5"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"type"}}]}}]}}]}}]}}]} as unknown as DocumentNode<SubscriptionSeatsQuery, SubscriptionSeatsQueryVariables>;
export const SyncBillingDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"SyncBilling"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"SyncBillingInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"syncBilling"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SyncBillingSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"changedCount"}},{"kind":"Field","name":{"kind":"Name","value":"staleCount"}},{"kind":"Field","name":{"kind":"Name","value":"revokedCount"}},{"kind":"Field","name":{"kind":"Name","value":"pools"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"externalId"}},{"kind":"Field","name":{"kind":"Name","value":"totalSeats"}},{"kind":"Field","name":{"kind":"Name","value":"availableSeats"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PoolTooSmallError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"poolId"}},{"kind":"Field","name":{"kind":"Name","value":"liveSeats"}},{"kind":"Field","name":{"kind":"Name","value":"total"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInputError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"issues"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<SyncBillingMutation, SyncBillingMutationVariables>;
export const TransferSeatDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"TransferSeat"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"TransferSeatInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"transferSeat"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"TransferSeatSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"isReplay"}},{"kind":"Field","name":{"kind":"Name","value":"seat"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"memberId"}},{"kind":"Field","name":{"kind":"Name","value":"metadata"}},{"kind":"Field","name":{"kind":"Name","value":"assignedAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"formerHolder"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"memberId"}},{"kind":"Field","name":{"kind":"Name","value":"customerId"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<TransferSeatMutation, TransferSeatMutationVariables>;
export const UpdateMemberDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"UpdateMember"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"UpdateMemberInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"updateMember"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UpdateMemberSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"member"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"role"}},{"kind":"Field","name":{"kind":"Name","value":"modifiedAt"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInputError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"issues"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]}}]} as unknown as DocumentNode<UpdateMemberMutation, UpdateMemberMutationVariables>;
export const UpdateOrganizationSettingsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"UpdateOrganizationSettings"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"UpdateOrganizationSettingsInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"updateOrganizationSettings"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UpdateOrganizationSettingsSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"organization"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"settings"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sendsInvitations"}},{"kind":"Field","name":{"kind":"Name","value":"reminderHours"}},{"kind":"Field","name":{"kind":"Name","value":"returnUrl"}},{"kind":"Field","name":{"kind":"Name","value":"invitationSubject"}},{"kind":"Field","name":{"kind":"Name","value":"invitationText"}},{"kind":"Field","name":{"kind":"Name","value":"invitationHtml"}}]}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInputError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"issues"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]}}]} as unknown as DocumentNode<UpdateOrganizationSettingsMutation, UpdateOrganizationSettingsMutationVariables>;
export const UpdateSeatDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"UpdateSeat"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"UpdateSeatInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"updateSeat"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UpdateSeatSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"seat"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"metadata"}},{"kind":"Field","name":{"kind":"Name","value":"modifiedAt"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<UpdateSeatMutation, UpdateSeatMutationVariables>;
export const UpdateWebhookEndpointDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"UpdateWebhookEndpoint"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"UpdateWebhookEndpointInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"updateWebhookEndpoint"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UpdateWebhookEndpointSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"endpoint"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"events"}},{"kind":"Field","name":{"kind":"Name","value":"disabledAt"}},{"kind":"Field","name":{"kind":"Name","value":"consecutiveFailures"}},{"kind":"Field","name":{"kind":"Name","value":"previousSecretExpiresAt"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInputError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"issues"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]}}]} as unknown as DocumentNode<UpdateWebhookEndpointMutation, UpdateWebhookEndpointMutationVariables>;
export const ViewerDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Viewer"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"viewer"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"scopes"}},{"kind":"Field","name":{"kind":"Name","value":"organizations"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"slug"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"customer"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"email"}}]}},{"kind":"Field","name":{"kind":"Name","value":"member"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"role"}}]}}]}}]}}]} as unknown as DocumentNode<ViewerQuery, ViewerQueryVariables>;
export const WebhookDeliveriesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"WebhookDeliveries"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"status"}},"type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"WebhookDeliveryStatus"}}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"last"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"before"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"webhookEndpoint"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"disabledAt"}},{"kind":"Field","name":{"kind":"Name","value":"deliveries"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"status"},"value":{"kind":"Variable","name":{"kind":"Name","value":"status"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}},{"kind":"Argument","name":{"kind":"Name","value":"last"},"value":{"kind":"Variable","name":{"kind":"Name","value":"last"}}},{"kind":"Argument","name":{"kind":"Name","value":"before"},"value":{"kind":"Variable","name":{"kind":"Name","value":"before"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"attempts"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"nextAttemptAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastAttemptAt"}},{"kind":"Field","name":{"kind":"Name","value":"finishedAt"}},{"kind":"Field","name":{"kind":"Name","value":"durationMs"}},{"kind":"Field","name":{"kind":"Name","value":"responseStatus"}},{"kind":"Field","name":{"kind":"Name","value":"responseBody"}},{"kind":"Field","name":{"kind":"Name","value":"error"}},{"kind":"Field","name":{"kind":"Name","value":"event"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"seatId"}},{"kind":"Field","name":{"kind":"Name","value":"payload"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"startCursor"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}},{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"hasPreviousPage"}}]}}]}}]}}]}}]} as unknown as DocumentNode<WebhookDeliveriesQuery, WebhookDeliveriesQueryVariables>;
export const WebhookDeliveryDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"WebhookDelivery"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"webhookDelivery"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"attempts"}},{"kind":"Field","name":{"kind":"Name","value":"nextAttemptAt"}},{"kind":"Field","name":{"kind":"Name","value":"responseStatus"}},{"kind":"Field","name":{"kind":"Name","value":"responseBody"}},{"kind":"Field","name":{"kind":"Name","value":"error"}},{"kind":"Field","name":{"kind":"Name","value":"endpoint"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"url"}}]}},{"kind":"Field","name":{"kind":"Name","value":"event"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"payload"}}]}}]}}]}}]} as unknown as DocumentNode<WebhookDeliveryQuery, WebhookDeliveryQueryVariables>;
export const WebhookEndpointsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"WebhookEndpoints"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"organizationId"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"webhookEndpoints"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"organizationId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"organizationId"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"events"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"modifiedAt"}},{"kind":"Field","name":{"kind":"Name","value":"disabledAt"}},{"kind":"Field","name":{"kind":"Name","value":"consecutiveFailures"}},{"kind":"Field","name":{"kind":"Name","value":"previousSecretExpiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"organization"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"endCursor"}},{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}}]}}]}}]}}]} as unknown as DocumentNode<WebhookEndpointsQuery, WebhookEndpointsQueryVariables>;