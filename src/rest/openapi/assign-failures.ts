import {
  CustomerNotFound,
  FeatureNotEnabled,
  InvalidSeatAssignmentRequest,
  MemberEmailMismatch,
  MemberNotFound,
  ResourceNotFound,
  SeatAlreadyAssigned,
  SeatNotAvailable,
} from '../../domain/errors.ts';
import { parseAssign } from '../parse.ts';
import { DEMO } from './examples.ts';
import { BAD_BODY, type Failure, parseErrorOf } from './operation.ts';

const { subscription, order } = DEMO;

/** Errors of an assignment, for all callers. */
export const ASSIGN_FAILURES: readonly Failure[] = [
  new SeatNotAvailable(`No available seats for ${subscription}`, subscription, 'full'),
  new SeatNotAvailable('Order must be paid before assigning seats', order, 'not_paid'),
  new SeatAlreadyAssigned('sam@globex.example', { organizationId: '', id: '' }),
  new InvalidSeatAssignmentRequest(
    'external_member_id and member_id are only supported when member_model_enabled is true.',
  ),
  new MemberEmailMismatch('globex-7', 'sam@globex.example'),
  ...BAD_BODY,
  new FeatureNotEnabled(),
  new ResourceNotFound('Subscription not found'),
  new CustomerNotFound('globex-7'),
  new MemberNotFound('globex-7'),
  parseErrorOf(() => parseAssign({ email: 'sam@globex.example' })),
  parseErrorOf(() => parseAssign({ subscription_id: 'acme', email: 'sam' })),
];
