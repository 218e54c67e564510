# Finding an order again, and the list of all orders. "We" is the shop, "you" is the reader. $shop is the shop's name.

# The page for somebody who has lost the link to their order.
find-heading = Find your order
find-lead = We’ll send the link to the email address or number you ordered with.
find-number = Order number
find-number-hint = It’s in the confirmation and on the receipt, like #1042
find-number-fault = Write the order’s number, like 1042.
find-contact = Email address or phone number
find-contact-hint = The one you ordered with
find-contact-fault = Write the email address or the phone number you ordered with.
find-submit = Send me the link
find-all = See all my orders instead
# The same whether or not there is such an order.
find-sent-heading = Look in your messages
find-sent-lead = If there’s an order with that number and that address, its link is on the way there.
find-sent-nothing = Nothing there after a few minutes? Look in your junk mail, check the number, or try the other address you may have ordered with.
find-again = Try again

# The message with the link.
mail-link-subject = The link to your order { $number }
mail-link-preheader = It leads straight to your order.
mail-link-heading = Here’s your order
mail-link-line = You, or somebody who knows its number, asked us for the link to order { $number }.
mail-link-not-you = You didn’t ask for it? Then do nothing. The link came to you and to nobody else.
mail-why-link = You get this email because somebody looked for your order { $number } on our page and typed this address.
text-link = Here’s the link to your order { $number }.
text-link-short = Your order { $number }:
# In the list of what was told about an order.
told-order-link = The link to this page

# All orders of somebody who is signed in.
history-heading = Your orders
history-look = Order number, or something you bought
history-state = Which
history-state-any = All of them
history-state-open = Not here yet
history-state-delivered = Delivered
history-state-cancelled = Cancelled
history-period = Placed
history-period-any = At any time
history-period-month = In the last 30 days
history-period-half = In the last 6 months
history-submit = Show
history-clear = Show all of them
# $count: how many more things there are in an order.
history-more = { $count ->
    [one] and { $count } more
   *[other] and { $count } more
}
# $order: the order's number.
history-see = See order { $order }
history-older = Older orders
history-newest = Newest orders
# Not everything was looked at, because there is so much.
history-cut = There are more orders than we look through at once.
history-further = Look further back
history-no-match-heading = No orders like that
history-no-match-text = None of your orders is about that. Check the spelling, or look in another year.
history-none-heading = No orders yet
history-none-text = There’s nothing with the addresses and numbers you’ve confirmed. Ordered with another one? Add it.
history-none-link = Add an address or number
