-- What was sent, by day: a picture of a month reads thirty rows and not a month of messages. Housekeeping counts it behind
-- the events, so that no message waits for it.
CREATE TABLE message_days (
  -- A date of the shop's own calendar, 2026-11-26.
  day {{text}} PRIMARY KEY NOT NULL,
  -- Messages that a provider has taken.
  sent {{int}} NOT NULL,
  -- Those of them that were mails.
  mails {{int}} NOT NULL,
  -- Mails that were handed over and will never arrive.
  mails_refused {{int}} NOT NULL
) {{strict}};

-- Behind which event the counting goes on: one row.
CREATE TABLE message_days_counted (
  one {{int}} PRIMARY KEY NOT NULL CHECK (one = 1),
  counted_to {{int}} NOT NULL,
  event_id {{text}} NOT NULL
) {{strict}};

-- Complaints of a month, without the many who only unsubscribed.
CREATE INDEX suppressions_complained ON suppressions (id) WHERE reason = 'complained';
