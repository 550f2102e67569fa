/**
 * @generated SignedSource<<f3e973d4c76c53e5016e977bc874fff7>>
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import type { ConcreteRequest } from 'relay-runtime';
export type ErrorCode = "CUSTOMER_NOT_FOUND" | "FEATURE_NOT_ENABLED" | "IDEMPOTENCY_IN_PROGRESS" | "IDEMPOTENCY_KEY_REUSED" | "INVALID_INPUT" | "INVALID_INVITATION_TOKEN" | "INVALID_SEAT_ASSIGNMENT_REQUEST" | "INVITATIONS_DECLINED" | "MEMBER_EMAIL_MISMATCH" | "MEMBER_NOT_FOUND" | "NOT_PERMITTED" | "POOL_TOO_SMALL" | "RATE_LIMITED" | "RESOURCE_NOT_FOUND" | "SEAT_ALREADY_ASSIGNED" | "SEAT_NOT_AVAILABLE" | "SEAT_NOT_LIVE" | "SEAT_NOT_PENDING" | "%future added value";
export type SeatStatus = "CLAIMED" | "PENDING" | "REVOKED" | "%future added value";
export type RevokeSeatInput = {
  idempotencyKey?: string | null | undefined;
  seatId: string;
};
export type seatsRevokeMutation$variables = {
  input: RevokeSeatInput;
};
export type seatsRevokeMutation$data = {
  readonly revokeSeat: {
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
export type seatsRevokeMutation = {
  response: seatsRevokeMutation$data;
  variables: seatsRevokeMutation$variables;
};

const node: ConcreteRequest = (function(){
var v0 = [
  {
    "defaultValue": null,
    "kind": "LocalArgument",
    "name": "input"
  }
],
v1 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "__typename",
  "storageKey": null
},
v2 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "id",
  "storageKey": null
},
v3 = [
  {
    "alias": null,
    "args": [
      {
        "kind": "Variable",
        "name": "input",
        "variableName": "input"
      }
    ],
    "concreteType": null,
    "kind": "LinkedField",
    "name": "revokeSeat",
    "plural": false,
    "selections": [
      (v1/*:: as any*/),
      {
        "kind": "InlineFragment",
        "selections": [
          {
            "alias": null,
            "args": null,
            "concreteType": "CustomerSeat",
            "kind": "LinkedField",
            "name": "seat",
            "plural": false,
            "selections": [
              (v2/*:: as any*/),
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
                  (v2/*:: as any*/),
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
                  (v1/*:: as any*/),
                  (v2/*:: as any*/),
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
                      (v2/*:: as any*/),
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
          }
        ],
        "type": "RevokeSeatSuccess",
        "abstractKey": null
      },
      {
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
      }
    ],
    "storageKey": null
  }
];
return {
  "fragment": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Fragment",
    "metadata": null,
    "name": "seatsRevokeMutation",
    "selections": (v3/*:: as any*/),
    "type": "Mutation",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Operation",
    "name": "seatsRevokeMutation",
    "selections": (v3/*:: as any*/)
  },
  "params": {
    "cacheID": "c706a5a04c7036ab498a1f9af211f33b",
    "id": null,
    "metadata": {},
    "name": "seatsRevokeMutation",
    "operationKind": "mutation",
    "text": "mutation seatsRevokeMutation(\n  $input: RevokeSeatInput!\n) {\n  revokeSeat(input: $input) {\n    __typename\n    ... on RevokeSeatSuccess {\n      seat {\n        id\n        status\n        email\n        member {\n          id\n          name\n        }\n        pool {\n          __typename\n          id\n          availableSeats\n          usage {\n            id\n            available\n            pending\n            claimed\n          }\n        }\n      }\n    }\n    ... on UserError {\n      __isUserError: __typename\n      code\n      message\n    }\n  }\n}\n"
  }
};
})();

(node as any).hash = "1236f7da0caa7b0e370ef368017c572f";

export default node;
