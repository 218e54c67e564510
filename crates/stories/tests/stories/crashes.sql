-- name: ask_for_an_opinion
-- Makes every message one that is never sent twice.
UPDATE messages SET purpose = 'survey'
