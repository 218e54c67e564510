-- name: outlived
-- What is forgotten after a while, counted.
SELECT (SELECT COUNT(*) FROM incoming_texts) AS texts,
       (SELECT COUNT(*) FROM delivery_reports) AS reports,
       (SELECT COUNT(*) FROM staff_sessions) AS sessions,
       (SELECT COUNT(*) FROM staff_invitations) AS links
