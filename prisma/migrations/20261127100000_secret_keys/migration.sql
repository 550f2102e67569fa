-- Which key the links of this database are made with. The fingerprint does not tell the key.
CREATE TABLE "secret_keys" (
    "fingerprint" TEXT NOT NULL,
    "used_since" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "secret_keys_pkey" PRIMARY KEY ("fingerprint")
);
