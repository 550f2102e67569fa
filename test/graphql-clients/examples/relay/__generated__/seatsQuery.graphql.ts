/**
 * @generated SignedSource<<922e057f606996a54af660312a8b126d>>
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import type { ConcreteRequest } from 'relay-runtime';
export type SeatStatus = "CLAIMED" | "PENDING" | "REVOKED" | "%future added value";
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
export type seatsQuery$variables = {
  after?: string | null | undefined;
  source: SeatSourceInput;
};
export type seatsQuery$data = {
  readonly seatPool: {
    readonly __typename: string;
    readonly availableSeats: number;
    readonly id: string;
    readonly seats: {
      readonly edges: ReadonlyArray<{
        readonly node: {
          readonly email: string | null | undefined;
          readonly id: string;
          readonly member: {
            readonly id: string;
            readonly name: string | null | undefined;
          } | null | undefined;
          readonly status: SeatStatus;
        };
      }>;
      readonly pageInfo: {
        readonly endCursor: string | null | undefined;
        readonly hasNextPage: boolean;
      };
    } | null | undefined;
    readonly usage: {
      readonly available: number;
      readonly claimed: number;
      readonly id: string;
      readonly pending: number;
    };
  } | null | undefined;
};
export type seatsQuery = {
  response: seatsQuery$data;
  variables: seatsQuery$variables;
};

const node: ConcreteRequest = (function(){
var v0 = {
  "defaultValue": null,
  "kind": "LocalArgument",
  "name": "after"
},
v1 = {
  "defaultValue": null,
  "kind": "LocalArgument",
  "name": "source"
},
v2 = [
  {
    "kind": "Variable",
    "name": "source",
    "variableName": "source"
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
  "kind": "ScalarField",
  "name": "availableSeats",
  "storageKey": null
},
v6 = {
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
},
v7 = [
  {
    "alias": null,
    "args": null,
    "concreteType": "CustomerSeatEdge",
    "kind": "LinkedField",
    "name": "edges",
    "plural": true,
    "selections": [
      {
        "alias": null,
        "args": null,
        "concreteType": "CustomerSeat",
        "kind": "LinkedField",
        "name": "node",
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
          (v3/*:: as any*/)
        ],
        "storageKey": null
      },
      {
        "alias": null,
        "args": null,
        "kind": "ScalarField",
        "name": "cursor",
        "storageKey": null
      }
    ],
    "storageKey": null
  },
  {
    "alias": null,
    "args": null,
    "concreteType": "PageInfo",
    "kind": "LinkedField",
    "name": "pageInfo",
    "plural": false,
    "selections": [
      {
        "alias": null,
        "args": null,
        "kind": "ScalarField",
        "name": "hasNextPage",
        "storageKey": null
      },
      {
        "alias": null,
        "args": null,
        "kind": "ScalarField",
        "name": "endCursor",
        "storageKey": null
      }
    ],
    "storageKey": null
  }
],
v8 = [
  {
    "kind": "Variable",
    "name": "after",
    "variableName": "after"
  },
  {
    "kind": "Literal",
    "name": "first",
    "value": 2
  }
];
return {
  "fragment": {
    "argumentDefinitions": [
      (v0/*:: as any*/),
      (v1/*:: as any*/)
    ],
    "kind": "Fragment",
    "metadata": null,
    "name": "seatsQuery",
    "selections": [
      {
        "alias": null,
        "args": (v2/*:: as any*/),
        "concreteType": null,
        "kind": "LinkedField",
        "name": "seatPool",
        "plural": false,
        "selections": [
          (v3/*:: as any*/),
          (v4/*:: as any*/),
          (v5/*:: as any*/),
          (v6/*:: as any*/),
          {
            "alias": "seats",
            "args": null,
            "concreteType": "CustomerSeatConnection",
            "kind": "LinkedField",
            "name": "__Pool_seats_connection",
            "plural": false,
            "selections": (v7/*:: as any*/),
            "storageKey": null
          }
        ],
        "storageKey": null
      }
    ],
    "type": "Query",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": [
      (v1/*:: as any*/),
      (v0/*:: as any*/)
    ],
    "kind": "Operation",
    "name": "seatsQuery",
    "selections": [
      {
        "alias": null,
        "args": (v2/*:: as any*/),
        "concreteType": null,
        "kind": "LinkedField",
        "name": "seatPool",
        "plural": false,
        "selections": [
          (v3/*:: as any*/),
          (v4/*:: as any*/),
          (v5/*:: as any*/),
          (v6/*:: as any*/),
          {
            "alias": null,
            "args": (v8/*:: as any*/),
            "concreteType": "CustomerSeatConnection",
            "kind": "LinkedField",
            "name": "seats",
            "plural": false,
            "selections": (v7/*:: as any*/),
            "storageKey": null
          },
          {
            "alias": null,
            "args": (v8/*:: as any*/),
            "filters": null,
            "handle": "connection",
            "key": "Pool_seats",
            "kind": "LinkedHandle",
            "name": "seats"
          }
        ],
        "storageKey": null
      }
    ]
  },
  "params": {
    "cacheID": "9eabf21dc9ecb86844ef7e8cea62f7d5",
    "id": null,
    "metadata": {
      "connection": [
        {
          "count": null,
          "cursor": "after",
          "direction": "forward",
          "path": [
            "seatPool",
            "seats"
          ]
        }
      ]
    },
    "name": "seatsQuery",
    "operationKind": "query",
    "text": "query seatsQuery(\n  $source: SeatSourceInput!\n  $after: String\n) {\n  seatPool(source: $source) {\n    __typename\n    id\n    availableSeats\n    usage {\n      id\n      available\n      pending\n      claimed\n    }\n    seats(first: 2, after: $after) {\n      edges {\n        node {\n          id\n          status\n          email\n          member {\n            id\n            name\n          }\n          __typename\n        }\n        cursor\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n}\n"
  }
};
})();

(node as any).hash = "6bfe65953fb813b2c0c64c1a628f68a1";

export default node;
