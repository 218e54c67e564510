# The shopper's shell. "We" is the shop, "you" is the reader. Sentence case; no exclamation marks.
# $shop is the shop's name.

shell-skip = Skip to content
# Name of the navigation, for people who listen to the page.
shell-nav = Main
# In the navigation: all orders of the reader, and the page about the reader. One word each.
shell-orders = Orders
shell-you = You
shell-help-heading = Need a hand?
# Label of the link to the shop's frequently asked questions.
shell-faq = Questions and answers
# Under it: why one would follow it.
shell-faq-hint = The quickest answer to most questions
shell-email-hint = We answer by email
shell-contact = Write to customer service
shell-contact-hint = A form or a chat
# Name of the list of links to Instagram and the like.
shell-social = { $shop } elsewhere
# Label of the link to the shop's own site.
shell-site = Back to { $shop }

# The page at "/": people land here who lost the link to their order.
front-title = Your orders
front-heading = Find your order
front-lead = This is where { $shop } keeps you up to date after you buy.
front-how-heading = How to get to an order
front-how-mail = Open the email or text we sent when you ordered. Its link leads straight to your order.
front-how-spam = No message? Look in your junk mail for { $shop }.
# The way to the page that sends the link again, and to all orders.
front-find = Send me the link to an order
front-all = See all my orders
front-how-help = Still nothing? Ask us below, with your name and the day you ordered. We’ll send the link again.

# Error pages: what happened, is my stuff safe, what to do.
# Label before the code a customer quotes to the shop, such as req_01jd….
error-quote = If you write to us, quote
error-404-heading = There’s no page here
error-404-safe = Your orders are safe. The link may be cut short, or it has been replaced by a newer one.
error-404-next = Open the link again from the email or text we sent, whole. If that doesn’t help, ask us below.
error-429-heading = That was too often
error-429-safe = Nothing is lost.
# $minutes is how long to wait.
error-429-next = { $minutes ->
    [one] Wait a minute and try again.
   *[other] Wait { $minutes } minutes and try again.
}
error-503-heading = We can’t do that this moment
error-503-safe = Your order is safe, and nothing was changed.
error-503-next = Wait a minute and load this page again.
# When the connection was lost at the very moment of saving.
error-unknown-heading = We don’t know yet if that worked
error-unknown-safe = Your order is safe.
error-unknown-next = Load your order’s page again: it shows how things stand. Then try again if you need to.
error-500-heading = Something failed on our side
error-500-safe = Your order is safe. It’s our fault, and we’ve been told.
error-500-next = Try again in a few minutes. If it happens again, ask us below.
# Any other refusal. In English, the sentence that says why comes from where it was refused; elsewhere the second stands
# in its place.
error-other-heading = We couldn’t do that
error-other-safe = Nothing was changed.
error-other-next = Go back, check what you entered and try again.
