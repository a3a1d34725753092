-- Saved views: a page with its query, under a name.

CREATE TABLE views (
    tenant_id BIGINT NOT NULL,
    view_id BIGINT NOT NULL,
    -- whose it is: a person's, or, for tokens and the demo, a role's
    owner_person_id BIGINT,
    owner_role BIGINT,
    name TEXT COLLATE "C" NOT NULL,
    page BIGINT NOT NULL,
    -- canonical, without zone, language and cursor; relative ranges stay relative
    query TEXT COLLATE "C" NOT NULL,
    is_shared BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, view_id)
);
