# The few words the blocks of a message bring themselves. Everything else in a message is written by its template.

# Heading over the ways to reach a person at the shop.
letter-service = Customer service
# Labels before an address, a number and opening hours.
letter-email = Email
letter-phone = Phone
letter-hours = Hours
# A link to a page with a form or a chat.
letter-contact-page = Contact us online
# Before a list of social networks.
letter-follow = Follow us
# Where an order stands: $n is the step it has reached, $total the number of steps.
letter-step = Step { $n } of { $total }
# Beside the old and the new value of something that was changed, and in place of a value that is gone.
letter-before = Before
letter-now = Now
letter-removed = Removed
