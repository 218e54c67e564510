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

# One button for all of it.
you-stop-heading = Only my orders, please
you-stop-text = One press, and we write to you about your orders and nothing else.
you-stop-button = Stop all the rest
you-stop-is = That is how it is: we write to you about your orders and nothing else.

# What can't be switched off, and why.
you-stays-heading = What stays on
you-stays-text = Messages about your orders: that we have them, what changes, and codes you ask for. They are part of your purchase.

# What a form has just done.
you-done-channel = Saved. This is how we write to you from now on.
you-done-topics = Saved. This is what we write about from now on.
you-done-stopped = Done. You hear from us about your orders and nothing else. To take it back, tick what you want below.
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
