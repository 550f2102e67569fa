/* eslint-disable */
import * as types from './graphql.ts';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "mutation AssignSeat($input: AssignSeatInput!) {\n  assignSeat(input: $input) {\n    __typename\n    ... on AssignSeatSuccess {\n      seat {\n        id\n        status\n        email\n        subscriptionId\n        orderId\n        customerId\n        memberId\n        metadata\n        invitationTokenExpiresAt\n        claimedAt\n        member {\n          id\n          email\n          name\n        }\n      }\n    }\n    ... on SeatError {\n      code\n      message\n    }\n    ... on InvalidInputError {\n      issues {\n        path\n        code\n        message\n      }\n    }\n  }\n}": typeof types.AssignSeatDocument,
    "query CustomerSeat($id: UUID!) {\n  customerSeat(id: $id) {\n    id\n    status\n    email\n    customerEmail\n    createdAt\n    modifiedAt\n    claimedAt\n    revokedAt\n    member {\n      id\n      email\n      name\n      externalId\n      role\n    }\n  }\n}": typeof types.CustomerSeatDocument,
    "query MemberSeats($id: UUID!) {\n  member(id: $id) {\n    id\n    email\n    name\n    role\n    customer {\n      id\n      email\n    }\n    seats(first: 10) {\n      totalCount\n      nodes {\n        id\n        status\n        subscription {\n          id\n          product {\n            name\n          }\n        }\n        order {\n          id\n        }\n      }\n    }\n  }\n}": typeof types.MemberSeatsDocument,
    "query OrderSeats($id: UUID!, $first: Int, $after: String) {\n  customerOrder(id: $id) {\n    id\n    totalSeats\n    availableSeats\n    seats(first: $first, after: $after) {\n      totalCount\n      nodes {\n        id\n        status\n        email\n        member {\n          id\n          email\n        }\n      }\n    }\n  }\n}": typeof types.OrderSeatsDocument,
    "query SubscriptionSeats($id: UUID!, $first: Int, $after: String, $status: [SeatStatus!]) {\n  customerSubscription(id: $id) {\n    id\n    totalSeats\n    availableSeats\n    pendingSeats\n    claimedSeats\n    seats(first: $first, after: $after, status: $status) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        id\n        status\n        email\n        member {\n          id\n          email\n          name\n        }\n      }\n    }\n  }\n}": typeof types.SubscriptionSeatsDocument,
    "query Viewer {\n  viewer {\n    kind\n    scopes\n    organizations {\n      id\n      slug\n      name\n    }\n    customer {\n      id\n      email\n    }\n    member {\n      id\n      email\n      role\n    }\n  }\n}": typeof types.ViewerDocument,
};
const documents: Documents = {
    "mutation AssignSeat($input: AssignSeatInput!) {\n  assignSeat(input: $input) {\n    __typename\n    ... on AssignSeatSuccess {\n      seat {\n        id\n        status\n        email\n        subscriptionId\n        orderId\n        customerId\n        memberId\n        metadata\n        invitationTokenExpiresAt\n        claimedAt\n        member {\n          id\n          email\n          name\n        }\n      }\n    }\n    ... on SeatError {\n      code\n      message\n    }\n    ... on InvalidInputError {\n      issues {\n        path\n        code\n        message\n      }\n    }\n  }\n}": types.AssignSeatDocument,
    "query CustomerSeat($id: UUID!) {\n  customerSeat(id: $id) {\n    id\n    status\n    email\n    customerEmail\n    createdAt\n    modifiedAt\n    claimedAt\n    revokedAt\n    member {\n      id\n      email\n      name\n      externalId\n      role\n    }\n  }\n}": types.CustomerSeatDocument,
    "query MemberSeats($id: UUID!) {\n  member(id: $id) {\n    id\n    email\n    name\n    role\n    customer {\n      id\n      email\n    }\n    seats(first: 10) {\n      totalCount\n      nodes {\n        id\n        status\n        subscription {\n          id\n          product {\n            name\n          }\n        }\n        order {\n          id\n        }\n      }\n    }\n  }\n}": types.MemberSeatsDocument,
    "query OrderSeats($id: UUID!, $first: Int, $after: String) {\n  customerOrder(id: $id) {\n    id\n    totalSeats\n    availableSeats\n    seats(first: $first, after: $after) {\n      totalCount\n      nodes {\n        id\n        status\n        email\n        member {\n          id\n          email\n        }\n      }\n    }\n  }\n}": types.OrderSeatsDocument,
    "query SubscriptionSeats($id: UUID!, $first: Int, $after: String, $status: [SeatStatus!]) {\n  customerSubscription(id: $id) {\n    id\n    totalSeats\n    availableSeats\n    pendingSeats\n    claimedSeats\n    seats(first: $first, after: $after, status: $status) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        id\n        status\n        email\n        member {\n          id\n          email\n          name\n        }\n      }\n    }\n  }\n}": types.SubscriptionSeatsDocument,
    "query Viewer {\n  viewer {\n    kind\n    scopes\n    organizations {\n      id\n      slug\n      name\n    }\n    customer {\n      id\n      email\n    }\n    member {\n      id\n      email\n      role\n    }\n  }\n}": types.ViewerDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation AssignSeat($input: AssignSeatInput!) {\n  assignSeat(input: $input) {\n    __typename\n    ... on AssignSeatSuccess {\n      seat {\n        id\n        status\n        email\n        subscriptionId\n        orderId\n        customerId\n        memberId\n        metadata\n        invitationTokenExpiresAt\n        claimedAt\n        member {\n          id\n          email\n          name\n        }\n      }\n    }\n    ... on SeatError {\n      code\n      message\n    }\n    ... on InvalidInputError {\n      issues {\n        path\n        code\n        message\n      }\n    }\n  }\n}"): (typeof documents)["mutation AssignSeat($input: AssignSeatInput!) {\n  assignSeat(input: $input) {\n    __typename\n    ... on AssignSeatSuccess {\n      seat {\n        id\n        status\n        email\n        subscriptionId\n        orderId\n        customerId\n        memberId\n        metadata\n        invitationTokenExpiresAt\n        claimedAt\n        member {\n          id\n          email\n          name\n        }\n      }\n    }\n    ... on SeatError {\n      code\n      message\n    }\n    ... on InvalidInputError {\n      issues {\n        path\n        code\n        message\n      }\n    }\n  }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query CustomerSeat($id: UUID!) {\n  customerSeat(id: $id) {\n    id\n    status\n    email\n    customerEmail\n    createdAt\n    modifiedAt\n    claimedAt\n    revokedAt\n    member {\n      id\n      email\n      name\n      externalId\n      role\n    }\n  }\n}"): (typeof documents)["query CustomerSeat($id: UUID!) {\n  customerSeat(id: $id) {\n    id\n    status\n    email\n    customerEmail\n    createdAt\n    modifiedAt\n    claimedAt\n    revokedAt\n    member {\n      id\n      email\n      name\n      externalId\n      role\n    }\n  }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query MemberSeats($id: UUID!) {\n  member(id: $id) {\n    id\n    email\n    name\n    role\n    customer {\n      id\n      email\n    }\n    seats(first: 10) {\n      totalCount\n      nodes {\n        id\n        status\n        subscription {\n          id\n          product {\n            name\n          }\n        }\n        order {\n          id\n        }\n      }\n    }\n  }\n}"): (typeof documents)["query MemberSeats($id: UUID!) {\n  member(id: $id) {\n    id\n    email\n    name\n    role\n    customer {\n      id\n      email\n    }\n    seats(first: 10) {\n      totalCount\n      nodes {\n        id\n        status\n        subscription {\n          id\n          product {\n            name\n          }\n        }\n        order {\n          id\n        }\n      }\n    }\n  }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query OrderSeats($id: UUID!, $first: Int, $after: String) {\n  customerOrder(id: $id) {\n    id\n    totalSeats\n    availableSeats\n    seats(first: $first, after: $after) {\n      totalCount\n      nodes {\n        id\n        status\n        email\n        member {\n          id\n          email\n        }\n      }\n    }\n  }\n}"): (typeof documents)["query OrderSeats($id: UUID!, $first: Int, $after: String) {\n  customerOrder(id: $id) {\n    id\n    totalSeats\n    availableSeats\n    seats(first: $first, after: $after) {\n      totalCount\n      nodes {\n        id\n        status\n        email\n        member {\n          id\n          email\n        }\n      }\n    }\n  }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query SubscriptionSeats($id: UUID!, $first: Int, $after: String, $status: [SeatStatus!]) {\n  customerSubscription(id: $id) {\n    id\n    totalSeats\n    availableSeats\n    pendingSeats\n    claimedSeats\n    seats(first: $first, after: $after, status: $status) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        id\n        status\n        email\n        member {\n          id\n          email\n          name\n        }\n      }\n    }\n  }\n}"): (typeof documents)["query SubscriptionSeats($id: UUID!, $first: Int, $after: String, $status: [SeatStatus!]) {\n  customerSubscription(id: $id) {\n    id\n    totalSeats\n    availableSeats\n    pendingSeats\n    claimedSeats\n    seats(first: $first, after: $after, status: $status) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        id\n        status\n        email\n        member {\n          id\n          email\n          name\n        }\n      }\n    }\n  }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query Viewer {\n  viewer {\n    kind\n    scopes\n    organizations {\n      id\n      slug\n      name\n    }\n    customer {\n      id\n      email\n    }\n    member {\n      id\n      email\n      role\n    }\n  }\n}"): (typeof documents)["query Viewer {\n  viewer {\n    kind\n    scopes\n    organizations {\n      id\n      slug\n      name\n    }\n    customer {\n      id\n      email\n    }\n    member {\n      id\n      email\n      role\n    }\n  }\n}"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;