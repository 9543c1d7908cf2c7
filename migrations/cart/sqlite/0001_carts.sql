-- One row a cart. A guest's cart is known by its unguessable id; an account has one cart at most.
-- A guest's cart that was merged stays as a signpost: an order placed from it just before takes its lines out of the
-- cart that they went to.
CREATE TABLE carts (
    id          TEXT PRIMARY KEY,
    owner_id    TEXT UNIQUE,
    generation  INTEGER NOT NULL CHECK (generation >= 1),
    merged_into TEXT REFERENCES carts (id),
    updated_at  TEXT NOT NULL
) STRICT;

-- `position` keeps the order in which lines were added.
CREATE TABLE cart_lines (
    cart_id  TEXT NOT NULL REFERENCES carts (id),
    sku      TEXT NOT NULL,
    position INTEGER NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity BETWEEN 1 AND 999),
    PRIMARY KEY (cart_id, sku)
) STRICT, WITHOUT ROWID;
