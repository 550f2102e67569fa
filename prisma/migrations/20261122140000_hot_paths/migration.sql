-- How many revoked rows a pool has, beside how many live ones: whoever gives a seat learns from the pool's row alone whether one is to be given again.

-- Nobody writes a seat between the counting and the counter.
LOCK TABLE "customer_seats" IN SHARE ROW EXCLUSIVE MODE;

ALTER TABLE "subscriptions" ADD COLUMN     "seats_revoked" INTEGER NOT NULL DEFAULT 0;

ALTER TABLE "orders" ADD COLUMN     "seats_revoked" INTEGER NOT NULL DEFAULT 0;


-- From here on: what schema.prisma cannot say.

UPDATE "subscriptions" AS p SET "seats_revoked" = s.n
  FROM (SELECT organization_id, subscription_id, count(*) AS n FROM "customer_seats"
         WHERE status = 'revoked' AND subscription_id IS NOT NULL GROUP BY 1, 2) AS s
 WHERE p.organization_id = s.organization_id AND p.id = s.subscription_id;
UPDATE "orders" AS p SET "seats_revoked" = s.n
  FROM (SELECT organization_id, order_id, count(*) AS n FROM "customer_seats"
         WHERE status = 'revoked' AND order_id IS NOT NULL GROUP BY 1, 2) AS s
 WHERE p.organization_id = s.organization_id AND p.id = s.order_id;

-- As before it, and both counters at once.
CREATE OR REPLACE FUNCTION "count_customer_seats"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  pools refcursor;
  pool record;
BEGIN
  IF TG_OP = 'INSERT' THEN
    OPEN pools FOR
      SELECT organization_id, subscription_id, order_id,
             count(*) FILTER (WHERE status <> 'revoked') AS live, count(*) FILTER (WHERE status = 'revoked') AS revoked
        FROM new_seats GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;
  ELSIF TG_OP = 'DELETE' THEN
    OPEN pools FOR
      SELECT organization_id, subscription_id, order_id,
             -count(*) FILTER (WHERE status <> 'revoked') AS live, -count(*) FILTER (WHERE status = 'revoked') AS revoked
        FROM old_seats GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;
  ELSE
    OPEN pools FOR
      SELECT organization_id, subscription_id, order_id,
             sum(n) FILTER (WHERE status <> 'revoked') AS live, sum(n) FILTER (WHERE status = 'revoked') AS revoked
        FROM (SELECT organization_id, subscription_id, order_id, status, 1 AS n FROM new_seats
              UNION ALL
              SELECT organization_id, subscription_id, order_id, status, -1 FROM old_seats) AS seats
       GROUP BY 1, 2, 3
      HAVING coalesce(sum(n) FILTER (WHERE status <> 'revoked'), 0) <> 0
          OR coalesce(sum(n) FILTER (WHERE status = 'revoked'), 0) <> 0
       ORDER BY 1, 2, 3;
  END IF;
  LOOP
    FETCH pools INTO pool;
    EXIT WHEN NOT FOUND;
    IF pool.subscription_id IS NOT NULL THEN
      UPDATE subscriptions
         SET seats_used = seats_used + coalesce(pool.live, 0), seats_revoked = seats_revoked + coalesce(pool.revoked, 0)
       WHERE organization_id = pool.organization_id AND id = pool.subscription_id;
    END IF;
    IF pool.order_id IS NOT NULL THEN
      UPDATE orders
         SET seats_used = seats_used + coalesce(pool.live, 0), seats_revoked = seats_revoked + coalesce(pool.revoked, 0)
       WHERE organization_id = pool.organization_id AND id = pool.order_id;
    END IF;
  END LOOP;
  CLOSE pools;
  RETURN NULL;
END
$$;

-- Without those that have no external id, which are most: they need no room in it, and no planner mistakes it for the way to a whole team.
DROP INDEX "members_external_id_key";
CREATE UNIQUE INDEX "members_external_id_key" ON "members" ("organization_id", "customer_id", "external_id")
  WHERE "deleted_at" IS NULL AND "external_id" IS NOT NULL;
DROP INDEX "customers_external_id_key";
CREATE UNIQUE INDEX "customers_external_id_key" ON "customers" ("organization_id", "external_id")
  WHERE "deleted_at" IS NULL AND "external_id" IS NOT NULL;

-- Each seat is of one pool, and is looked for there alone.
DROP INDEX "customer_seats_subscription_idx";
CREATE INDEX "customer_seats_subscription_idx" ON "customer_seats" ("organization_id", "subscription_id", "created_at", "id")
  WHERE "subscription_id" IS NOT NULL;
DROP INDEX "customer_seats_order_idx";
CREATE INDEX "customer_seats_order_idx" ON "customer_seats" ("organization_id", "order_id", "created_at", "id")
  WHERE "order_id" IS NOT NULL;

-- By the person first: who holds a live seat is looked up without a look at all the seats of a large pool.
DROP INDEX "customer_seats_subscription_email_key";
CREATE UNIQUE INDEX "customer_seats_subscription_email_key" ON "customer_seats" ("organization_id", lower("email"), "subscription_id")
  WHERE "status" <> 'revoked' AND "subscription_id" IS NOT NULL AND "email" IS NOT NULL;
DROP INDEX "customer_seats_order_email_key";
CREATE UNIQUE INDEX "customer_seats_order_email_key" ON "customer_seats" ("organization_id", lower("email"), "order_id")
  WHERE "status" <> 'revoked' AND "order_id" IS NOT NULL AND "email" IS NOT NULL;

-- How many of a pool's seats wait: the rest of its live ones are claimed.
CREATE INDEX "customer_seats_subscription_pending_idx" ON "customer_seats" ("organization_id", "subscription_id")
  WHERE "status" = 'pending' AND "subscription_id" IS NOT NULL;
CREATE INDEX "customer_seats_order_pending_idx" ON "customer_seats" ("organization_id", "order_id")
  WHERE "status" = 'pending' AND "order_id" IS NOT NULL;
