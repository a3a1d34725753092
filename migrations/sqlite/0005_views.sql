-- Saved views: a page with its query, under a name.

CREATE TABLE views (
    tenant_id INTEGER NOT NULL,
    view_id INTEGER NOT NULL,
    -- whose it is: a person's, or, for tokens and the demo, a role's
    owner_person_id INTEGER,
    owner_role INTEGER,
    name TEXT NOT NULL,
    page INTEGER NOT NULL,
    -- canonical, without zone, language and cursor; relative ranges stay relative
    query TEXT NOT NULL,
    is_shared INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, view_id)
) STRICT;
