
      export type PossibleTypesResultData = {
  "possibleTypes": {
    "AssignSeatResult": [
      "AssignSeatSuccess",
      "CustomerNotFoundError",
      "FeatureNotEnabledError",
      "IdempotencyInProgressError",
      "IdempotencyKeyReusedError",
      "InvalidInputError",
      "InvalidSeatAssignmentRequestError",
      "MemberEmailMismatchError",
      "MemberNotFoundError",
      "NotPermittedError",
      "ResourceNotFoundError",
      "SeatAlreadyAssignedError",
      "SeatNotAvailableError"
    ],
    "AssignSeatsItemResult": [
      "AssignSeatSuccess",
      "CustomerNotFoundError",
      "InvalidInputError",
      "InvalidSeatAssignmentRequestError",
      "ItemNotAttempted",
      "MemberEmailMismatchError",
      "MemberNotFoundError",
      "SeatAlreadyAssignedError",
      "SeatNotAvailableError"
    ],
    "AssignSeatsResult": [
      "AssignSeatsSuccess",
      "FeatureNotEnabledError",
      "IdempotencyInProgressError",
      "IdempotencyKeyReusedError",
      "InvalidInputError",
      "NotPermittedError",
      "ResourceNotFoundError",
      "SeatNotAvailableError"
    ],
    "ClaimSeatResult": [
      "ClaimSeatSuccess",
      "FeatureNotEnabledError",
      "InvalidInvitationTokenError"
    ],
    "CreateCustomerSessionResult": [
      "CreateCustomerSessionSuccess",
      "InvalidInputError",
      "NotPermittedError"
    ],
    "CreateWebhookEndpointResult": [
      "CreateWebhookEndpointSuccess",
      "InvalidInputError",
      "NotPermittedError",
      "ResourceNotFoundError"
    ],
    "DeleteWebhookEndpointResult": [
      "DeleteWebhookEndpointSuccess",
      "IdempotencyInProgressError",
      "IdempotencyKeyReusedError",
      "InvalidInputError",
      "NotPermittedError",
      "ResourceNotFoundError"
    ],
    "DisableWebhookEndpointResult": [
      "DisableWebhookEndpointSuccess",
      "IdempotencyInProgressError",
      "IdempotencyKeyReusedError",
      "InvalidInputError",
      "NotPermittedError",
      "ResourceNotFoundError"
    ],
    "EnableWebhookEndpointResult": [
      "EnableWebhookEndpointSuccess",
      "IdempotencyInProgressError",
      "IdempotencyKeyReusedError",
      "InvalidInputError",
      "NotPermittedError",
      "ResourceNotFoundError"
    ],
    "EndMembershipResult": [
      "EndMembershipSuccess",
      "IdempotencyInProgressError",
      "IdempotencyKeyReusedError",
      "InvalidInputError",
      "NotPermittedError",
      "ResourceNotFoundError"
    ],
    "EndSessionsResult": [
      "EndSessionsSuccess",
      "InvalidInputError",
      "NotPermittedError",
      "ResourceNotFoundError"
    ],
    "ErasePersonResult": [
      "ErasePersonSuccess",
      "InvalidInputError",
      "NotPermittedError",
      "ResourceNotFoundError"
    ],
    "PersonalDataResult": [
      "InvalidInputError",
      "NotPermittedError",
      "PersonalDataSuccess",
      "ResourceNotFoundError"
    ],
    "PreviewAssignSeatsItemResult": [
      "CustomerNotFoundError",
      "InvalidInputError",
      "InvalidSeatAssignmentRequestError",
      "ItemNotAttempted",
      "MemberEmailMismatchError",
      "MemberNotFoundError",
      "SeatAlreadyAssignedError",
      "SeatNotAvailableError",
      "WouldAssignSeat"
    ],
    "PreviewAssignSeatsResult": [
      "FeatureNotEnabledError",
      "InvalidInputError",
      "NotPermittedError",
      "PreviewAssignSeatsSuccess",
      "ResourceNotFoundError",
      "SeatNotAvailableError"
    ],
    "PreviewRevokeSeatsItemResult": [
      "FeatureNotEnabledError",
      "ItemNotAttempted",
      "ResourceNotFoundError",
      "WouldRevokeSeat"
    ],
    "PreviewRevokeSeatsResult": [
      "InvalidInputError",
      "NotPermittedError",
      "PreviewRevokeSeatsSuccess"
    ],
    "RedeliverWebhookResult": [
      "IdempotencyInProgressError",
      "IdempotencyKeyReusedError",
      "InvalidInputError",
      "NotPermittedError",
      "RedeliverWebhookSuccess",
      "ResourceNotFoundError"
    ],
    "RemoveMemberResult": [
      "IdempotencyInProgressError",
      "IdempotencyKeyReusedError",
      "InvalidInputError",
      "NotPermittedError",
      "RemoveMemberSuccess",
      "ResourceNotFoundError"
    ],
    "ResendSeatInvitationResult": [
      "FeatureNotEnabledError",
      "IdempotencyInProgressError",
      "IdempotencyKeyReusedError",
      "InvalidInputError",
      "InvalidInvitationTokenError",
      "InvitationsDeclinedError",
      "NotPermittedError",
      "RateLimitedError",
      "ResendSeatInvitationSuccess",
      "ResourceNotFoundError",
      "SeatNotPendingError"
    ],
    "RevokeSeatResult": [
      "FeatureNotEnabledError",
      "IdempotencyInProgressError",
      "IdempotencyKeyReusedError",
      "InvalidInputError",
      "NotPermittedError",
      "ResourceNotFoundError",
      "RevokeSeatSuccess"
    ],
    "RevokeSeatsItemResult": [
      "FeatureNotEnabledError",
      "ItemNotAttempted",
      "ResourceNotFoundError",
      "RevokeSeatSuccess"
    ],
    "RevokeSeatsResult": [
      "IdempotencyInProgressError",
      "IdempotencyKeyReusedError",
      "InvalidInputError",
      "NotPermittedError",
      "RevokeSeatsSuccess"
    ],
    "RotateWebhookSecretResult": [
      "NotPermittedError",
      "ResourceNotFoundError",
      "RotateWebhookSecretSuccess"
    ],
    "SeatPool": [
      "CustomerOrder",
      "CustomerSubscription"
    ],
    "SendTestWebhookResult": [
      "IdempotencyInProgressError",
      "IdempotencyKeyReusedError",
      "InvalidInputError",
      "NotPermittedError",
      "ResourceNotFoundError",
      "SendTestWebhookSuccess"
    ],
    "SyncBillingResult": [
      "InvalidInputError",
      "NotPermittedError",
      "PoolTooSmallError",
      "ResourceNotFoundError",
      "SyncBillingSuccess"
    ],
    "TransferSeatResult": [
      "CustomerNotFoundError",
      "FeatureNotEnabledError",
      "IdempotencyInProgressError",
      "IdempotencyKeyReusedError",
      "InvalidInputError",
      "InvalidSeatAssignmentRequestError",
      "MemberEmailMismatchError",
      "MemberNotFoundError",
      "NotPermittedError",
      "ResourceNotFoundError",
      "SeatAlreadyAssignedError",
      "SeatNotAvailableError",
      "SeatNotLiveError",
      "TransferSeatSuccess"
    ],
    "UpdateMemberResult": [
      "IdempotencyInProgressError",
      "IdempotencyKeyReusedError",
      "InvalidInputError",
      "NotPermittedError",
      "ResourceNotFoundError",
      "UpdateMemberSuccess"
    ],
    "UpdateOrganizationSettingsResult": [
      "IdempotencyInProgressError",
      "IdempotencyKeyReusedError",
      "InvalidInputError",
      "NotPermittedError",
      "ResourceNotFoundError",
      "UpdateOrganizationSettingsSuccess"
    ],
    "UpdateSeatResult": [
      "FeatureNotEnabledError",
      "IdempotencyInProgressError",
      "IdempotencyKeyReusedError",
      "InvalidInputError",
      "NotPermittedError",
      "ResourceNotFoundError",
      "UpdateSeatSuccess"
    ],
    "UpdateWebhookEndpointResult": [
      "IdempotencyInProgressError",
      "IdempotencyKeyReusedError",
      "InvalidInputError",
      "NotPermittedError",
      "ResourceNotFoundError",
      "UpdateWebhookEndpointSuccess"
    ],
    "UserError": [
      "CustomerNotFoundError",
      "FeatureNotEnabledError",
      "IdempotencyInProgressError",
      "IdempotencyKeyReusedError",
      "InvalidInputError",
      "InvalidInvitationTokenError",
      "InvalidSeatAssignmentRequestError",
      "InvitationsDeclinedError",
      "MemberEmailMismatchError",
      "MemberNotFoundError",
      "NotPermittedError",
      "PoolTooSmallError",
      "RateLimitedError",
      "ResourceNotFoundError",
      "SeatAlreadyAssignedError",
      "SeatNotAvailableError",
      "SeatNotLiveError",
      "SeatNotPendingError"
    ]
  }
};
      const result: PossibleTypesResultData = {
  "possibleTypes": {
    "AssignSeatResult": [
      "AssignSeatSuccess",
      "CustomerNotFoundError",
      "FeatureNotEnabledError",
      "IdempotencyInProgressError",
      "IdempotencyKeyReusedError",
      "InvalidInputError",
      "InvalidSeatAssignmentRequestError",
      "MemberEmailMismatchError",
      "MemberNotFoundError",
      "NotPermittedError",
      "ResourceNotFoundError",
      "SeatAlreadyAssignedError",
      "SeatNotAvailableError"
    ],
    "AssignSeatsItemResult": [
      "AssignSeatSuccess",
      "CustomerNotFoundError",
      "InvalidInputError",
      "InvalidSeatAssignmentRequestError",
      "ItemNotAttempted",
      "MemberEmailMismatchError",
      "MemberNotFoundError",
      "SeatAlreadyAssignedError",
      "SeatNotAvailableError"
    ],
    "AssignSeatsResult": [
      "AssignSeatsSuccess",
      "FeatureNotEnabledError",
      "IdempotencyInProgressError",
      "IdempotencyKeyReusedError",
      "InvalidInputError",
      "NotPermittedError",
      "ResourceNotFoundError",
      "SeatNotAvailableError"
    ],
    "ClaimSeatResult": [
      "ClaimSeatSuccess",
      "FeatureNotEnabledError",
      "InvalidInvitationTokenError"
    ],
    "CreateCustomerSessionResult": [
      "CreateCustomerSessionSuccess",
      "InvalidInputError",
      "NotPermittedError"
    ],
    "CreateWebhookEndpointResult": [
      "CreateWebhookEndpointSuccess",
      "InvalidInputError",
      "NotPermittedError",
      "ResourceNotFoundError"
    ],
    "DeleteWebhookEndpointResult": [
      "DeleteWebhookEndpointSuccess",
      "IdempotencyInProgressError",
      "IdempotencyKeyReusedError",
      "InvalidInputError",
      "NotPermittedError",
      "ResourceNotFoundError"
    ],
    "DisableWebhookEndpointResult": [
      "DisableWebhookEndpointSuccess",
      "IdempotencyInProgressError",
      "IdempotencyKeyReusedError",
      "InvalidInputError",
      "NotPermittedError",
      "ResourceNotFoundError"
    ],
    "EnableWebhookEndpointResult": [
      "EnableWebhookEndpointSuccess",
      "IdempotencyInProgressError",
      "IdempotencyKeyReusedError",
      "InvalidInputError",
      "NotPermittedError",
      "ResourceNotFoundError"
    ],
    "EndMembershipResult": [
      "EndMembershipSuccess",
      "IdempotencyInProgressError",
      "IdempotencyKeyReusedError",
      "InvalidInputError",
      "NotPermittedError",
      "ResourceNotFoundError"
    ],
    "EndSessionsResult": [
      "EndSessionsSuccess",
      "InvalidInputError",
      "NotPermittedError",
      "ResourceNotFoundError"
    ],
    "ErasePersonResult": [
      "ErasePersonSuccess",
      "InvalidInputError",
      "NotPermittedError",
      "ResourceNotFoundError"
    ],
    "PersonalDataResult": [
      "InvalidInputError",
      "NotPermittedError",
      "PersonalDataSuccess",
      "ResourceNotFoundError"
    ],
    "PreviewAssignSeatsItemResult": [
      "CustomerNotFoundError",
      "InvalidInputError",
      "InvalidSeatAssignmentRequestError",
      "ItemNotAttempted",
      "MemberEmailMismatchError",
      "MemberNotFoundError",
      "SeatAlreadyAssignedError",
      "SeatNotAvailableError",
      "WouldAssignSeat"
    ],
    "PreviewAssignSeatsResult": [
      "FeatureNotEnabledError",
      "InvalidInputError",
      "NotPermittedError",
      "PreviewAssignSeatsSuccess",
      "ResourceNotFoundError",
      "SeatNotAvailableError"
    ],
    "PreviewRevokeSeatsItemResult": [
      "FeatureNotEnabledError",
      "ItemNotAttempted",
      "ResourceNotFoundError",
      "WouldRevokeSeat"
    ],
    "PreviewRevokeSeatsResult": [
      "InvalidInputError",
      "NotPermittedError",
      "PreviewRevokeSeatsSuccess"
    ],
    "RedeliverWebhookResult": [
      "IdempotencyInProgressError",
      "IdempotencyKeyReusedError",
      "InvalidInputError",
      "NotPermittedError",
      "RedeliverWebhookSuccess",
      "ResourceNotFoundError"
    ],
    "RemoveMemberResult": [
      "IdempotencyInProgressError",
      "IdempotencyKeyReusedError",
      "InvalidInputError",
      "NotPermittedError",
      "RemoveMemberSuccess",
      "ResourceNotFoundError"
    ],
    "ResendSeatInvitationResult": [
      "FeatureNotEnabledError",
      "IdempotencyInProgressError",
      "IdempotencyKeyReusedError",
      "InvalidInputError",
      "InvalidInvitationTokenError",
      "InvitationsDeclinedError",
      "NotPermittedError",
      "RateLimitedError",
      "ResendSeatInvitationSuccess",
      "ResourceNotFoundError",
      "SeatNotPendingError"
    ],
    "RevokeSeatResult": [
      "FeatureNotEnabledError",
      "IdempotencyInProgressError",
      "IdempotencyKeyReusedError",
      "InvalidInputError",
      "NotPermittedError",
      "ResourceNotFoundError",
      "RevokeSeatSuccess"
    ],
    "RevokeSeatsItemResult": [
      "FeatureNotEnabledError",
      "ItemNotAttempted",
      "ResourceNotFoundError",
      "RevokeSeatSuccess"
    ],
    "RevokeSeatsResult": [
      "IdempotencyInProgressError",
      "IdempotencyKeyReusedError",
      "InvalidInputError",
      "NotPermittedError",
      "RevokeSeatsSuccess"
    ],
    "RotateWebhookSecretResult": [
      "NotPermittedError",
      "ResourceNotFoundError",
      "RotateWebhookSecretSuccess"
    ],
    "SeatPool": [
      "CustomerOrder",
      "CustomerSubscription"
    ],
    "SendTestWebhookResult": [
      "IdempotencyInProgressError",
      "IdempotencyKeyReusedError",
      "InvalidInputError",
      "NotPermittedError",
      "ResourceNotFoundError",
      "SendTestWebhookSuccess"
    ],
    "SyncBillingResult": [
      "InvalidInputError",
      "NotPermittedError",
      "PoolTooSmallError",
      "ResourceNotFoundError",
      "SyncBillingSuccess"
    ],
    "TransferSeatResult": [
      "CustomerNotFoundError",
      "FeatureNotEnabledError",
      "IdempotencyInProgressError",
      "IdempotencyKeyReusedError",
      "InvalidInputError",
      "InvalidSeatAssignmentRequestError",
      "MemberEmailMismatchError",
      "MemberNotFoundError",
      "NotPermittedError",
      "ResourceNotFoundError",
      "SeatAlreadyAssignedError",
      "SeatNotAvailableError",
      "SeatNotLiveError",
      "TransferSeatSuccess"
    ],
    "UpdateMemberResult": [
      "IdempotencyInProgressError",
      "IdempotencyKeyReusedError",
      "InvalidInputError",
      "NotPermittedError",
      "ResourceNotFoundError",
      "UpdateMemberSuccess"
    ],
    "UpdateOrganizationSettingsResult": [
      "IdempotencyInProgressError",
      "IdempotencyKeyReusedError",
      "InvalidInputError",
      "NotPermittedError",
      "ResourceNotFoundError",
      "UpdateOrganizationSettingsSuccess"
    ],
    "UpdateSeatResult": [
      "FeatureNotEnabledError",
      "IdempotencyInProgressError",
      "IdempotencyKeyReusedError",
      "InvalidInputError",
      "NotPermittedError",
      "ResourceNotFoundError",
      "UpdateSeatSuccess"
    ],
    "UpdateWebhookEndpointResult": [
      "IdempotencyInProgressError",
      "IdempotencyKeyReusedError",
      "InvalidInputError",
      "NotPermittedError",
      "ResourceNotFoundError",
      "UpdateWebhookEndpointSuccess"
    ],
    "UserError": [
      "CustomerNotFoundError",
      "FeatureNotEnabledError",
      "IdempotencyInProgressError",
      "IdempotencyKeyReusedError",
      "InvalidInputError",
      "InvalidInvitationTokenError",
      "InvalidSeatAssignmentRequestError",
      "InvitationsDeclinedError",
      "MemberEmailMismatchError",
      "MemberNotFoundError",
      "NotPermittedError",
      "PoolTooSmallError",
      "RateLimitedError",
      "ResourceNotFoundError",
      "SeatAlreadyAssignedError",
      "SeatNotAvailableError",
      "SeatNotLiveError",
      "SeatNotPendingError"
    ]
  }
};
      export default result;
    