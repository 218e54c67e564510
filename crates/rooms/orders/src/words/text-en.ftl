# What we say about an order in a text message. The shop's name stands before each sentence and a link behind it, and
# all of it should be one text: 160 characters. Where a sentence comes in several lengths, the longest that fits is sent.

# We have the order. $dates is a day, or "Wednesday 25 November to Friday 27 November".
text-confirmation-arrives = Thank you, we’ve got your order { $number }. It should arrive { $dates }.
text-confirmation-arrives-short = We’ve got your order { $number }, due { $dates }.
text-confirmation = Thank you, we’ve got your order { $number }. Follow it here:
text-confirmation-short = We’ve got your order { $number }.
# It is to be paid later.
text-awaiting = Your order { $number } is waiting for your payment of { $amount }.
text-awaiting-short = Order { $number }: { $amount } to pay.
# It is made to order, or leaves later than usual.
text-making = Thank you, we’re making your order { $number }. It leaves us by { $date }.
text-making-short = Order { $number } leaves us by { $date }.
# The payment we waited for is here.
text-payment = Thank you, your payment of { $amount } for order { $number } is here.
text-payment-short = { $amount } for order { $number } is here.
# Something changed: only the days it arrives, the amount among it, or anything else.
text-updated-arrives = Your order { $number } now arrives { $dates }.
text-updated-total = Your order { $number } has changed. The total is now { $amount }.
text-updated = Your order { $number } has changed. See what is new:
text-updated-short = Order { $number } has changed.
# It is cancelled: nothing was paid, the money was only reserved, it has gone back, it will go back.
text-cancelled-unpaid = Your order { $number } is cancelled. Nothing was charged.
text-cancelled-released = Your order { $number } is cancelled. The amount reserved on your card is released.
text-cancelled-sent = Your order { $number } is cancelled. We’ve sent { $amount } back to you.
text-cancelled-due = Your order { $number } is cancelled. We’ll send { $amount } back to you.
text-cancelled-short = Order { $number } is cancelled.
# The code that shows the full address. No link: a code and a link in one text is what thieves send.
text-code = { $code } is your code for the page of order { $number }. It works for 10 minutes. You didn’t ask for it? Then do nothing.
text-code-short = { $code } is your code for order { $number }.
# Money went back.
text-refunded = We’ve sent back { $amount } for your order { $number }.
text-refunded-short = { $amount } sent back for { $number }.
