-- A product is a document: its attributes have no columns. Beside it stands only what the database must keep unique or find by.
CREATE TABLE products (
    id       TEXT PRIMARY KEY,
    slug     TEXT NOT NULL UNIQUE,
    category TEXT NOT NULL,
    version  BIGINT NOT NULL,
    document TEXT NOT NULL
);
CREATE INDEX products_by_category ON products (category);

CREATE TABLE skus (
    sku        TEXT PRIMARY KEY,
    product_id TEXT NOT NULL REFERENCES products (id) ON DELETE CASCADE
);
CREATE INDEX skus_by_product ON skus (product_id);

CREATE TABLE categories (
    id       TEXT PRIMARY KEY,
    slug     TEXT NOT NULL UNIQUE,
    version  BIGINT NOT NULL,
    document TEXT NOT NULL
);
