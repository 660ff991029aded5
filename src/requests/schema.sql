-- `request` is slim, as the list reads many of its rows and each attempt rewrites one; `content`
-- holds headers and body. AUTOINCREMENT, so that the id of a removed row never means another
-- request. There are no foreign keys: every send would pay for their checks.

CREATE TABLE request (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    request_id TEXT NOT NULL,
    event TEXT,
    webhook TEXT,
    url TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    status TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    outcome TEXT,
    http_status INTEGER,
    from_capture INTEGER NOT NULL DEFAULT 0,
    load_requests INTEGER,
    load_failed INTEGER,
    load_row INTEGER,
    story TEXT
) STRICT;
CREATE INDEX request_by_request_id ON request (request_id);
CREATE INDEX request_not_delivered ON request (id) WHERE status <> 'delivered';
CREATE TABLE content (
    request INTEGER PRIMARY KEY,
    headers TEXT NOT NULL,
    body BLOB NOT NULL
) STRICT;
CREATE TABLE attempt (
    request INTEGER NOT NULL,
    n INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    pid INTEGER NOT NULL,
    deadline INTEGER NOT NULL,
    outcome TEXT,
    reached INTEGER,
    elapsed INTEGER,
    dns INTEGER,
    connect INTEGER,
    tls INTEGER,
    wait INTEGER,
    body INTEGER,
    http_status INTEGER,
    http_version TEXT,
    headers TEXT,
    text TEXT,
    bytes INTEGER,
    truncated INTEGER,
    error TEXT,
    PRIMARY KEY (request, n)
) STRICT, WITHOUT ROWID;
