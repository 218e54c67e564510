-- Keys of the JSON API, and the requests that must not be done twice.

CREATE TABLE api_keys (
  id {{id}} PRIMARY KEY NOT NULL,
  name {{text}} NOT NULL,
  hash {{text}} NOT NULL UNIQUE,
  scopes {{text}} NOT NULL,
  created_at {{int}} NOT NULL,
  last_used_at {{int}},
  revoked_at {{int}}
) {{strict}};

-- Not personal: the request is a hash, and a replay shows the order as it is stored.
CREATE TABLE idempotency_keys (
  api_key_id {{id}} NOT NULL REFERENCES api_keys (id),
  idempotency_key {{text}} NOT NULL,
  request_sha256 {{text}} NOT NULL,
  status {{int}},
  order_id {{id}},
  created_at {{int}} NOT NULL,
  PRIMARY KEY (api_key_id, idempotency_key)
) {{strict}};

CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
