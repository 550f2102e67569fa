/**
 * @generated SignedSource<<ab1544b22b63346f654c720c00c9310f>>
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import type { ConcreteRequest } from 'relay-runtime';
export type ErrorCode = "CUSTOMER_NOT_FOUND" | "FEATURE_NOT_ENABLED" | "IDEMPOTENCY_IN_PROGRESS" | "IDEMPOTENCY_KEY_REUSED" | "INVALID_INPUT" | "INVALID_INVITATION_TOKEN" | "INVALID_SEAT_ASSIGNMENT_REQUEST" | "INVITATIONS_DECLINED" | "MEMBER_EMAIL_MISMATCH" | "MEMBER_NOT_FOUND" | "NOT_PERMITTED" | "POOL_TOO_SMALL" | "RATE_LIMITED" | "RESOURCE_NOT_FOUND" | "SEAT_ALREADY_ASSIGNED" | "SEAT_NOT_AVAILABLE" | "SEAT_NOT_LIVE" | "SEAT_NOT_PENDING" | "%future added value";
export type SeatStatus = "CLAIMED" | "PENDING" | "REVOKED" | "%future added value";
export type AssignSeatInput = {
  idempotencyKey?: string | null | undefined;
  immediateClaim?: boolean | null | undefined;
  metadata?: Record<string, unknown> | null | undefined;
  recipient: SeatRecipientInput;
  source: SeatSourceInput;
};
export type SeatRecipientInput = {
  customerId: string;
  email?: never;
  externalCustomerId?: never;
  externalMember?: never;
  memberId?: never;
} | {
  customerId?: never;
  email: string;
  externalCustomerId?: never;
  externalMember?: never;
  memberId?: never;
} | {
  customerId?: never;
  email?: never;
  externalCustomerId: string;
  externalMember?: never;
  memberId?: never;
} | {
  customerId?: never;
  email?: never;
  externalCustomerId?: never;
  externalMember: ExternalMemberInput;
  memberId?: never;
} | {
  customerId?: never;
  email?: never;
  externalCustomerId?: never;
  externalMember?: never;
  memberId: string;
};
export type ExternalMemberInput = {
  email?: string | null | undefined;
  externalId: string;
};
export type SeatSourceInput = {
  checkoutId: string;
  orderExternalId?: never;
  orderId?: never;
  subscriptionExternalId?: never;
  subscriptionId?: never;
} | {
  checkoutId?: never;
  orderExternalId: string;
  orderId?: never;
  subscriptionExternalId?: never;
  subscriptionId?: never;
} | {
  checkoutId?: never;
  orderExternalId?: never;
  orderId: string;
  subscriptionExternalId?: never;
  subscriptionId?: never;
} | {
  checkoutId?: never;
  orderExternalId?: never;
  orderId?: never;
  subscriptionExternalId: string;
  subscriptionId?: never;
} | {
  checkoutId?: never;
  orderExternalId?: never;
  orderId?: never;
  subscriptionExternalId?: never;
  subscriptionId: string;
};
export type seatsAssignMutation$variables = {
  connections: ReadonlyArray<string>;
  input: AssignSeatInput;
};
export type seatsAssignMutation$data = {
  readonly assignSeat: {
    readonly __typename: string;
    readonly code?: ErrorCode;
    readonly message?: string;
    readonly seat?: {
      readonly email: string | null | undefined;
      readonly id: string;
      readonly member: {
        readonly id: string;
        readonly name: string | null | undefined;
      } | null | undefined;
      readonly pool: {
        readonly __typename: string;
        readonly availableSeats: number;
        readonly id: string;
        readonly usage: {
          readonly available: number;
          readonly claimed: number;
          readonly id: string;
          readonly pending: number;
        };
      } | null | undefined;
      readonly status: SeatStatus;
    };
  } | null | undefined;
};
export type seatsAssignMutation = {
  response: seatsAssignMutation$data;
  variables: seatsAssignMutation$variables;
};

const node: ConcreteRequest = (function(){
var v0 = {
  "defaultValue": null,
  "kind": "LocalArgument",
  "name": "connections"
},
v1 = {
  "defaultValue": null,
  "kind": "LocalArgument",
  "name": "input"
},
v2 = [
  {
    "kind": "Variable",
    "name": "input",
    "variableName": "input"
  }
],
v3 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "__typename",
  "storageKey": null
},
v4 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "id",
  "storageKey": null
},
v5 = {
  "alias": null,
  "args": null,
  "concreteType": "CustomerSeat",
  "kind": "LinkedField",
  "name": "seat",
  "plural": false,
  "selections": [
    (v4/*:: as any*/),
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "status",
      "storageKey": null
    },
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "email",
      "storageKey": null
    },
    {
      "alias": null,
      "args": null,
      "concreteType": "Member",
      "kind": "LinkedField",
      "name": "member",
      "plural": false,
      "selections": [
        (v4/*:: as any*/),
        {
          "alias": null,
          "args": null,
          "kind": "ScalarField",
          "name": "name",
          "storageKey": null
        }
      ],
      "storageKey": null
    },
    {
      "alias": null,
      "args": null,
      "concreteType": null,
      "kind": "LinkedField",
      "name": "pool",
      "plural": false,
      "selections": [
        (v3/*:: as any*/),
        (v4/*:: as any*/),
        {
          "alias": null,
          "args": null,
          "kind": "ScalarField",
          "name": "availableSeats",
          "storageKey": null
        },
        {
          "alias": null,
          "args": null,
          "concreteType": "SeatUsage",
          "kind": "LinkedField",
          "name": "usage",
          "plural": false,
          "selections": [
            (v4/*:: as any*/),
            {
              "alias": null,
              "args": null,
              "kind": "ScalarField",
              "name": "available",
              "storageKey": null
            },
            {
              "alias": null,
              "args": null,
              "kind": "ScalarField",
              "name": "pending",
              "storageKey": null
            },
            {
              "alias": null,
              "args": null,
              "kind": "ScalarField",
              "name": "claimed",
              "storageKey": null
            }
          ],
          "storageKey": null
        }
      ],
      "storageKey": null
    }
  ],
  "storageKey": null
},
v6 = {
  "kind": "InlineFragment",
  "selections": [
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "code",
      "storageKey": null
    },
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "message",
      "storageKey": null
    }
  ],
  "type": "UserError",
  "abstractKey": "__isUserError"
};
return {
  "fragment": {
    "argumentDefinitions": [
      (v0/*:: as any*/),
      (v1/*:: as any*/)
    ],
    "kind": "Fragment",
    "metadata": null,
    "name": "seatsAssignMutation",
    "selections": [
      {
        "alias": null,
        "args": (v2/*:: as any*/),
        "concreteType": null,
        "kind": "LinkedField",
        "name": "assignSeat",
        "plural": false,
        "selections": [
          (v3/*:: as any*/),
          {
            "kind": "InlineFragment",
            "selections": [
              (v5/*:: as any*/)
            ],
            "type": "AssignSeatSuccess",
            "abstractKey": null
          },
          (v6/*:: as any*/)
        ],
        "storageKey": null
      }
    ],
    "type": "Mutation",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": [
      (v1/*:: as any*/),
      (v0/*:: as any*/)
    ],
    "kind": "Operation",
    "name": "seatsAssignMutation",
    "selections": [
      {
        "alias": null,
        "args": (v2/*:: as any*/),
        "concreteType": null,
        "kind": "LinkedField",
        "name": "assignSeat",
        "plural": false,
        "selections": [
          (v3/*:: as any*/),
          {
            "kind": "InlineFragment",
            "selections": [
              (v5/*:: as any*/),
              {
                "alias": null,
                "args": null,
                "filters": null,
                "handle": "appendNode",
                "key": "",
                "kind": "LinkedHandle",
                "name": "seat",
                "handleArgs": [
                  {
                    "kind": "Variable",
                    "name": "connections",
                    "variableName": "connections"
                  },
                  {
                    "kind": "Literal",
                    "name": "edgeTypeName",
                    "value": "CustomerSeatEdge"
                  }
                ]
              }
            ],
            "type": "AssignSeatSuccess",
            "abstractKey": null
          },
          (v6/*:: as any*/)
        ],
        "storageKey": null
      }
    ]
  },
  "params": {
    "cacheID": "1a86095d921985f5058b506e7f1d6f61",
    "id": null,
    "metadata": {},
    "name": "seatsAssignMutation",
    "operationKind": "mutation",
    "text": "mutation seatsAssignMutation(\n  $input: AssignSeatInput!\n) {\n  assignSeat(input: $input) {\n    __typename\n    ... on AssignSeatSuccess {\n      seat {\n        id\n        status\n        email\n        member {\n          id\n          name\n        }\n        pool {\n          __typename\n          id\n          availableSeats\n          usage {\n            id\n            available\n            pending\n            claimed\n          }\n        }\n      }\n    }\n    ... on UserError {\n      __isUserError: __typename\n      code\n      message\n    }\n  }\n}\n"
  }
};
})();

(node as any).hash = "04c280b5f55abb2fee3d8f649e5434aa";

export default node;
