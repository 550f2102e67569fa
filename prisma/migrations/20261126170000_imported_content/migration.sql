-- What the last file said of a row: a value that differs from it was changed since, and the same file again does not undo that.
CREATE TABLE "imported_rows" (
    "organization_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "content" JSONB NOT NULL DEFAULT '{}',
    "same_as" UUID,

    CONSTRAINT "imported_rows_pkey" PRIMARY KEY ("organization_id","kind","id")
);

ALTER TABLE "imported_rows" ADD CONSTRAINT "imported_rows_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;
