-- The lists of an organization and of a customer, in the order of their pages.
CREATE INDEX "customers_organization_idx" ON "customers" ("organization_id", "created_at", "id");
CREATE INDEX "members_customer_idx" ON "members" ("organization_id", "customer_id", "created_at", "id");
CREATE INDEX "subscriptions_organization_idx" ON "subscriptions" ("organization_id", "created_at", "id");
CREATE INDEX "orders_organization_idx" ON "orders" ("organization_id", "created_at", "id");

DROP INDEX "subscriptions_customer_idx";
CREATE INDEX "subscriptions_customer_idx" ON "subscriptions" ("organization_id", "customer_id", "created_at", "id");
DROP INDEX "orders_customer_idx";
CREATE INDEX "orders_customer_idx" ON "orders" ("organization_id", "customer_id", "created_at", "id");
