import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { assign } from '../support/seats.ts';
import { startUsher, type TestUsher } from '../support/usher.ts';

let usher: TestUsher;
beforeAll(async () => {
  usher = await startUsher();
});
afterAll(() => usher.close());

describe('who gets it, with the member model', () => {
  test('an e-mail address finds the member whatever its case, and keeps theirs', async () => {
    const fixture = await usher.addFixture();
    const { body } = await assign(usher, fixture, { email: 'MIA@globex.example' });
    expect(body).toMatchObject({ member_id: fixture.ids.member, email: 'Mia@globex.example' });
  });

  test('an address that is new becomes a member of the customer who pays', async () => {
    const fixture = await usher.addFixture();
    const { body } = await assign(usher, fixture, { email: 'new@globex.example' });
    expect(body.member).toMatchObject({
      customer_id: fixture.ids.customer,
      email: 'new@globex.example',
      role: 'member',
    });
  });

  test('a deleted member is made anew', async () => {
    const fixture = await usher.addFixture();
    await usher.db.member.updateMany({
      where: { id: fixture.ids.member },
      data: { deletedAt: new Date() },
    });
    const { body } = await assign(usher, fixture, { email: 'Mia@globex.example' });
    expect(body.member_id).not.toBe(fixture.ids.member);
  });

  test('a member id, of this customer alone', async () => {
    const fixture = await usher.addFixture();
    const own = await assign(usher, fixture, { member_id: fixture.ids.member });
    expect(own.body).toMatchObject({ member_id: fixture.ids.member, email: 'Mia@globex.example' });
    const foreign = await assign(usher, fixture, { member_id: fixture.ids.otherMember });
    expect([foreign.status, foreign.body]).toEqual([
      404,
      { error: 'MemberNotFound', detail: `Member not found: ${fixture.ids.otherMember}` },
    ]);
  });

  test.each(['\t', '\u00a0', '\u3000', '\ufeff', ' \n'])(
    'a customer whose stored address has white space %j around it, as the member with that address',
    async space => {
      const fixture = await usher.addFixture();
      await usher.db.customer.updateMany({
        where: { id: fixture.ids.otherCustomer },
        data: { email: `${space}mia@globex.example${space}` },
      });
      const body = { customer_id: fixture.ids.otherCustomer };
      expect((await assign(usher, fixture, body)).body.member_id).toBe(fixture.ids.member);
      expect((await assign(usher, fixture, body)).body.error).toBe('SeatAlreadyAssigned');
    },
  );

  test('an external member id', async () => {
    const fixture = await usher.addFixture();
    const known = await assign(usher, fixture, { external_member_id: 'usr_mia' });
    expect(known.body.member_id).toBe(fixture.ids.member);
    const unknown = await assign(usher, fixture, { external_member_id: 'usr_nobody' });
    expect([unknown.status, unknown.body]).toEqual([
      404,
      { error: 'MemberNotFound', detail: 'Member not found: usr_nobody' },
    ]);
    const mismatch = await assign(usher, fixture, {
      external_member_id: 'usr_jane',
      email: 'x@y.com',
    });
    expect([mismatch.status, mismatch.body]).toEqual([
      400,
      {
        error: 'MemberEmailMismatch',
        detail:
          "Member with external_member_id 'usr_jane' exists but has a different email than 'x@y.com'",
      },
    ]);
    const agreed = await assign(usher, fixture, {
      external_member_id: 'usr_jane',
      email: 'JANE@globex.example',
    });
    expect(agreed.body.member_id).toBe(fixture.ids.owner);
  });

  test('an external member id that is new is linked to the member with the address', async () => {
    const fixture = await usher.addFixture();
    const linked = await assign(usher, fixture, {
      external_member_id: 'usr_raj',
      email: 'raj@globex.example',
    });
    expect(linked.body.member).toMatchObject({ id: fixture.ids.manager, external_id: 'usr_raj' });
    const made = await assign(usher, fixture, {
      external_member_id: 'usr_new',
      email: 'new@globex.example',
    });
    expect(made.body.member).toMatchObject({ external_id: 'usr_new', email: 'new@globex.example' });
    const taken = await assign(usher, fixture, {
      external_member_id: 'usr_other',
      email: 'mia@globex.example',
    });
    expect(taken.body.error).toBe('MemberEmailMismatch');
  });

  test.each(['customer_id', 'external_customer_id'])(
    'a customer by %s, for their e-mail address',
    async name => {
      const fixture = await usher.addFixture();
      const values: Record<string, string> = {
        customer_id: fixture.ids.otherCustomer,
        external_customer_id: 'initech',
      };
      const body = { [name]: values[name] };
      expect((await assign(usher, fixture, body)).body).toMatchObject({
        customer_id: fixture.ids.customer,
        email: 'initech@initech.example',
      });
      expect((await assign(usher, fixture, body)).body).toEqual({
        error: 'SeatAlreadyAssigned',
        detail: 'Seat already assigned to customer initech@initech.example',
      });
    },
  );

  test('a customer who is unknown or has no address', async () => {
    const fixture = await usher.addFixture();
    const unknown = await assign(usher, fixture, { external_customer_id: 'nobody' });
    expect([unknown.status, unknown.body]).toEqual([
      400,
      {
        error: 'InvalidSeatAssignmentRequest',
        detail: 'Customer not found for the provided customer_id or external_customer_id.',
      },
    ]);
    await usher.db.customer.updateMany({
      where: { id: fixture.ids.otherCustomer },
      data: { email: null },
    });
    const detail =
      'At least one of email, external_member_id, or member_id must be provided when member_model_enabled is true.';
    for (const body of [{ customer_id: fixture.ids.otherCustomer }, { external_customer_id: '' }]) {
      const answer = await assign(usher, fixture, body);
      expect([answer.status, answer.body]).toEqual([
        400,
        { error: 'InvalidSeatAssignmentRequest', detail },
      ]);
    }
  });

  test('nobody gets two seats of one pool, by whatever name', async () => {
    const fixture = await usher.addFixture();
    await assign(usher, fixture, { email: 'Mia@globex.example' });
    for (const body of [
      { email: 'mia@GLOBEX.example' },
      { member_id: fixture.ids.member },
      { external_member_id: 'usr_mia' },
    ]) {
      const answer = await assign(usher, fixture, body);
      expect([answer.status, answer.body]).toEqual([
        400,
        {
          error: 'SeatAlreadyAssigned',
          detail: 'Seat already assigned to customer Mia@globex.example',
        },
      ]);
    }
    expect(
      (await assign(usher, fixture, { order_id: fixture.ids.order, email: 'mia@globex.example' }))
        .status,
    ).toBe(200);
  });
});

describe('who gets it, without the member model', () => {
  test('an address that is new becomes a customer, and a member of the one who pays', async () => {
    const fixture = await usher.addFixture({ memberModelEnabled: false });
    const { body } = await assign(usher, fixture, { email: 'new@elsewhere.example' });
    const holder = await usher.db.customer.findFirstOrThrow({
      where: { organizationId: fixture.ids.organization, email: 'new@elsewhere.example' },
    });
    expect(body).toMatchObject({ customer_id: holder.id, email: 'new@elsewhere.example' });
    expect(body.member).toMatchObject({ customer_id: fixture.ids.customer });
  });

  test('a known customer, by address, id or external id', async () => {
    for (const name of ['email', 'customer_id', 'external_customer_id']) {
      const fixture = await usher.addFixture({ memberModelEnabled: false });
      const values: Record<string, string> = {
        email: 'INITECH@initech.example',
        customer_id: fixture.ids.otherCustomer,
        external_customer_id: 'initech',
      };
      const body = { [name]: values[name] };
      expect((await assign(usher, fixture, body)).body).toMatchObject({
        customer_id: fixture.ids.otherCustomer,
        email: 'initech@initech.example',
      });
      expect((await assign(usher, fixture, body)).body).toEqual({
        error: 'SeatAlreadyAssigned',
        detail: `Seat already assigned to customer ${values[name]}`,
      });
    }
  });

  test('an unknown customer is not found', async () => {
    const fixture = await usher.addFixture({ memberModelEnabled: false });
    const id = randomUUID();
    for (const [body, named] of [
      [{ customer_id: id }, id],
      [{ external_customer_id: 'nobody' }, 'nobody'],
      [{ external_customer_id: '' }, 'None'],
    ] as const) {
      const answer = await assign(usher, fixture, body);
      expect([answer.status, answer.body]).toEqual([
        404,
        { error: 'CustomerNotFound', detail: `Customer not found: ${named}` },
      ]);
    }
  });

  test('a customer without an address holds a seat without a member, and only one', async () => {
    const fixture = await usher.addFixture({ memberModelEnabled: false });
    await usher.db.customer.updateMany({
      where: { id: fixture.ids.otherCustomer },
      data: { email: null },
    });
    const { body } = await assign(usher, fixture, { external_customer_id: 'initech' });
    expect(body).toMatchObject({
      member_id: null,
      member: null,
      email: null,
      customer_email: null,
    });
    expect((await assign(usher, fixture, { external_customer_id: 'initech' })).body.error).toBe(
      'SeatAlreadyAssigned',
    );
  });

  // Decision 2: member ids need the member model, and say so after the pool was found to have room.
  test('member ids are refused', async () => {
    const fixture = await usher.addFixture({ memberModelEnabled: false, seats: 1 });
    const detail =
      'external_member_id and member_id are only supported when member_model_enabled is true.';
    for (const body of [{ member_id: fixture.ids.member }, { external_member_id: 'usr_mia' }]) {
      const answer = await assign(usher, fixture, body);
      expect([answer.status, answer.body]).toEqual([
        400,
        { error: 'InvalidSeatAssignmentRequest', detail },
      ]);
    }
    await assign(usher, fixture, { email: 'sam@globex.example' });
    expect((await assign(usher, fixture, { member_id: fixture.ids.member })).body.error).toBe(
      'SeatNotAvailable',
    );
  });

  test('an empty external member id counts for nothing', async () => {
    const fixture = await usher.addFixture({ memberModelEnabled: false });
    const alone = await assign(usher, fixture, { external_member_id: '' });
    expect(alone.body).toEqual({
      error: 'InvalidSeatAssignmentRequest',
      detail: 'Exactly one of email, external_customer_id, or customer_id must be provided',
    });
    const { status } = await assign(usher, fixture, {
      external_member_id: '',
      email: 'sam@globex.example',
    });
    expect(status).toBe(200);
  });
});
