import { InvalidInput } from '../../domain/errors.ts';
import { customerSessionBody, parseCustomerSession } from '../customer-session-body.ts';
import { components } from './components.ts';
import { DEMO, SESSION_TOKEN } from './examples.ts';
import { BAD_BODY, noScope, type Operation, parseErrorOf } from './operation.ts';
import { customerSession } from './session-schemas.ts';

const sessionCreate = customerSessionBody.register(components, { id: 'CustomerSessionCreate' });

/** Creates a session in the customer portal. */
export const createCustomerSession: Operation = {
  operationId: 'createCustomerSession',
  tag: 'Sessions',
  summary: 'Create a customer session',
  description:
    'Creates a session of one hour in the customer portal for one of your customers. With the member model, it is a member session: of the given member, or of the owner if none is given. The path ends with a slash. Needs the scope `customer_sessions:write`.',
  security: [{ accessToken: ['customer_sessions:write'] }],
  body: {
    schema: sessionCreate,
    examples: {
      owner: {
        summary: 'For the owner, by your own id of the customer',
        value: { external_customer_id: 'globex' },
      },
      member: {
        summary: 'For a member, by your own id',
        value: { customer_id: DEMO.customer, external_member_id: 'globex-3' },
      },
    },
  },
  answer: {
    status: 201,
    description: 'The session with its token, which is shown only here.',
    schema: customerSession,
    examples: {
      session: {
        summary: "An owner's session",
        value: {
          created_at: '2026-03-02T10:15:00.482000Z',
          modified_at: null,
          id: 'a7d9c1e2-3b4f-4c5d-8e6f-7a8b9c0d1e2f',
          token: SESSION_TOKEN,
          expires_at: '2026-03-02T11:15:00.482000Z',
          return_url: null,
          customer_portal_url: 'http://127.0.0.1:4000',
          customer_id: DEMO.customer,
          customer: {
            id: DEMO.customer,
            created_at: '2026-01-05T09:00:00Z',
            modified_at: null,
            metadata: {},
            external_id: 'globex',
            email: 'billing@globex.example',
            email_verified: false,
            type: 'individual',
            name: 'Globex',
            billing_name: null,
            billing_address: null,
            tax_id: null,
            locale: null,
            organization_id: DEMO.organization,
            default_payment_method_id: null,
            deleted_at: null,
            avatar_url:
              'https://www.gravatar.com/avatar/90e2b2c7c33454752c05bc027b74808327be6f74613f75e5215abe0da7d55b17?d=404',
            first_user_event_at: null,
          },
        },
      },
    },
  },
  failures: [
    ...BAD_BODY,
    ...noScope('customer_sessions:write'),
    parseErrorOf(() => parseCustomerSession({})),
    new InvalidInput([
      { path: ['customerId'], code: 'NOT_FOUND', message: 'Customer does not exist.' },
    ]),
  ],
};
