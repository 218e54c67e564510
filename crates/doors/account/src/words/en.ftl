# A customer's own pages: signing in with a code, and what we know of them. "We" is the shop, "you" is the reader.
# $shop is the shop's name. There is no account to make and no password.

# Before the page's title, when a form had a mistake.
account-title-error = Error: { $title }

# The way in.
account-ask-heading = See all your orders
account-ask-lead = Tell us the email address or number you ordered with. We’ll send you a code, and there is no password to remember.
account-ask-label = Email address or mobile number
account-ask-hint = A number with its country code, like +44 7700 900123
account-ask-fault = Write your email address, or your number with its country code, like +44 7700 900123.
account-ask-submit = Send me a code
account-ask-find = I only want to find one order

# What was done, or why something did not work.
account-said-out = You’re signed out.
account-said-ended = That browser is signed out.
account-said-deleted = We’re deleting what we know about you, and you’re signed out everywhere. It takes a few minutes.
account-said-over = That code doesn’t work any more. A code works once, for 10 minutes, and in the browser that asked for it. Ask for a new one.

# Where the code is typed. The same whether or not we know anybody at the address.
account-code-heading = Type the code
# $to: the address or number as it was typed.
account-code-lead = If you’ve ordered with { $to }, a code is on its way there. It works for 10 minutes.
account-code-lead-over = If you’ve ordered with that address, a code is on its way. It works for 10 minutes.
account-code-label = The 6-digit code
account-code-hint = Numbers only. You can paste it.
account-code-wrong = That’s not the code we sent. Check the newest message and type it again.
account-code-submit = Sign in
account-code-nothing = Nothing there after a minute? Look in your junk mail, or try the other address or number you may have ordered with.
account-code-again = Send another code

# The page behind the link in the message.
account-link-heading = Sign in here?
account-link-lead = One press, and this browser shows your orders.
account-link-submit = Sign in
# Opened somewhere else than where the code was asked for.
account-link-another-heading = Go back to where you asked
account-link-another-lead = For your safety this link works only in the browser that asked for it. Type the code from the same message there, or ask for a new code here.
account-link-over-heading = This link doesn’t work any more
account-link-over-lead = It works once, for 10 minutes. Ask for a new code and you’re in.
account-link-again = Ask for a code here

# The page of somebody who is signed in.
account-you-heading = You
account-way-orders = Your orders
account-way-orders-hint = Where they are, and what was in them
account-way-updates = Emails and texts
account-way-updates-hint = What we write to you, how, and how often

account-known-heading = What we know about you
account-known-name = Name
account-known-email = Email
account-known-phone = Phone
# Label of the day of the first order or message.
account-known-since = With us since
account-known-none = You’ve shown us one of the addresses we know for you. Add the others below, and we’ll show you everything.

account-proofs-heading = How you sign in
account-proofs-text = You see the orders that were placed with these. With a number, those of the last 12 months: numbers change hands.
# After an address. $date: when it was shown to be theirs.
account-proved = Confirmed { $date }
account-add-label = Ordered with another address or number? Add it
account-add-submit = Send a code there

account-browsers-heading = Where you’re signed in
account-browser-unknown = A browser
account-browser-this = This browser
account-browser-when = Since { $since }, last seen { $seen }
account-browser-out = Sign out
account-out = Sign out
account-out-everywhere = Sign out everywhere

account-data-heading = Your data
account-data-text = Take everything we know about you with you as a file, or have it deleted.
account-data-part = To take your data with you or have them deleted, first confirm every email address we know for you, above. Or write to us, and we’ll do it with you.
account-data-download = Download my data
account-data-delete = Delete my data …

# Before everything is deleted.
account-delete-heading = Delete what { $shop } knows about you?
account-delete-lead = This can’t be undone, and we’ll sign you out everywhere.
account-delete-goes-name = Your name, email addresses and phone numbers go.
account-delete-goes-orders = Your orders lose your name, your address and what you wrote. Their pages no longer show them.
account-delete-goes-messages = Whatever we were about to send you isn’t sent. That includes news about orders still on their way.
account-delete-stays = What was bought and what was paid stays, without saying by whom: the law asks for it. That you want no more messages stays too, as a fingerprint of your address.
account-delete-submit = Delete my data
account-delete-back = Keep my data

# The message with the code.
account-mail-subject = { $code } is your code for { $shop }
account-mail-preheader = It works for 10 minutes.
account-mail-heading = Your code
account-mail-line = Type it on the page where you asked for it. It works once, for 10 minutes.
# A button beside the code.
account-mail-button = Or sign in with one press
account-mail-not-you = The button works only in the browser that asked. You didn’t ask for a code? Then do nothing: without it nobody gets in. We’ll never ask you for it.
account-mail-why = You get this email because somebody asked { $shop } for a code with your address.
# The same as a text: one segment.
account-text = { $code } is your code to sign in. It works for 10 minutes. You didn’t ask for it? Then do nothing, and tell nobody.
account-text-short = { $code } is your code to sign in.
