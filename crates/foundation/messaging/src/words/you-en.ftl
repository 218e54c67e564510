# The page that says how we reach a person, and the links that lead to it. "We" is the shop, "you" is the reader.
# $shop is the shop's name, $topic the name of a topic as below, quoted.

# At the foot of every mail: a link to the page.
letter-reach = How we reach you
# At the foot of a mail that can be switched off: a link that ends this topic.
letter-unsubscribe = Stop “{ $topic }”

# The answer first: how the reader is reached now. Under it stands the masked address, and one of the reasons.
you-heading-email = We write to you by email
you-heading-sms = We write to you by text
you-heading-none = We can’t reach you at the moment
you-why-stated = You asked for it.
you-why-default = That is how { $shop } writes to everybody who has not said otherwise.
you-why-only = It is the only way that is left.
you-why-after-stop = You answered STOP to our texts.
you-why-none = Nothing arrives any more at what we have of you. Tell us a new address when you write to us or order again.

# The ways to choose from.
you-channel-heading = How we write to you
you-channel-email = Email
you-channel-sms = Text
you-channel-save = Save the way
you-channel-one = There is one way to reach you, so there is nothing to choose. Give us a mobile number or an email address with your next order to have two.
# Where the shop itself can write one way only.
you-channel-shop = { $shop } writes by email only.
you-channel-none = There is no way that works.
# Beside a masked number or address that is closed.
you-note-stopped = You answered STOP. Text START to the same number to have our texts again.
you-note-dead = Nothing arrives there any more.

# What can be switched off, each with a line that says what it is.
you-topics-heading = What we write about
you-topics-save = Save what you want
you-topic-tips = Tips for what you bought
you-topic-tips-hint = How to get the most out of it, when it helps
you-topic-feedback = Questions about how it was
you-topic-feedback-hint = Short, and only about what you bought
you-topic-news = News and offers
you-topic-news-hint = What is new at { $shop }

# Over the ways a topic may come, and beside how often, for people who listen to the page. $topic is the topic’s name.
you-by = How: { $topic }
you-pace = How often: { $topic }
you-pace-0 = As it happens
you-pace-7 = At most once a week
you-pace-30 = At most once a month

# Leaving the reader in peace for a while.
you-pause-heading = A break from us
you-pause-text = We write about your orders only, and the rest waits until you want it again.
# $date: the day it ends.
you-pause-is = You have your peace until { $date }. Messages about your orders still come.
you-pause-30 = 30 days
you-pause-60 = 60 days
you-pause-90 = 90 days
you-pause-end = End the break

# Hours at which nothing comes that could wait.
you-hours-heading = Quiet hours
you-hours-shops = Nothing that can wait comes at these hours. They’re { $shop }’s; choose your own if others suit you better.
you-hours-own = Nothing that can wait comes at these hours. You chose them.
you-hours-from = Quiet from
you-hours-to = Until
you-hours-zone = By the clock of
you-hours-zone-hint = A time zone, like Europe/London
you-hours-save = Save the hours
you-hours-give-up = Use the shop’s hours instead

# One button for all of it.
you-stop-heading = Only my orders, please
you-stop-text = One press, and we write to you about your orders and nothing else.
you-stop-button = Stop all the rest
# Brings back what the button has just stopped. Over it stands what that is.
you-stop-undo = Bring these back
you-stop-is = That is how it is: we write to you about your orders and nothing else.

# What can't be switched off, and why.
you-stays-heading = What stays on
you-stays-text = Messages about your orders: that we have them, what changes, and codes you ask for. They are part of your purchase.

# What a form has just done.
you-done-channel = Saved. This is how we write to you from now on.
you-done-topics = Saved. This is what we write about from now on.
you-done-stopped = Done. You hear from us about your orders and nothing else. To take it back, tick what you want below.
you-done-paused = Saved. We leave you in peace for a while.
you-done-resumed = Welcome back. What waited for you comes now, a little at a time.
you-done-hours = Saved. These are your quiet hours.
you-done-no-clock = We don’t know that time zone, so nothing was changed. Write it like Europe/London.
you-done-not-possible = That way is closed at the moment, so nothing was changed.

# The page behind the link that ends one topic.
you-out-heading = Stop “{ $topic }”?
you-out-text = One press, and { $shop } sends you no more of it.
you-out-button = Stop it
you-out-all = Stop everything but my orders
you-out-more = How we reach you
you-out-done-heading = Stopped: “{ $topic }”
you-out-done-all-heading = Stopped: everything but your orders
you-out-done-text = Messages about your orders still come. They are part of your purchase.
