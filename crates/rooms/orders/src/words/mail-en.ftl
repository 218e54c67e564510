# Messages about an order. "We" is the shop, "you" is the customer. Short, warm, exact; no exclamation marks.
# $number is the order's number as the shop writes it, for example #1042. $shop is the shop's name.
# $name is the customer's first name. $amount arrives finished: "£27.95". Dates too: "Thursday 26 November".

## Subjects and preheaders

mail-confirmation-subject = We’ve got your order { $number }
mail-confirmation-preheader-ships = It leaves us by { $date }.
mail-confirmation-preheader = { $shop }: thank you. Everything about your order is inside.
mail-awaiting-subject = Your order { $number }: waiting for your payment
mail-awaiting-preheader = { $amount } to pay. We’re keeping your order for you.
mail-making-subject = We’re making your order { $number }
mail-making-preheader = Made for you. It leaves us by { $date }.
mail-payment-subject = Payment received for order { $number }
mail-payment-preheader = { $amount }, thank you. We’re getting your order ready.
mail-updated-subject = Your order { $number } has changed
mail-updated-preheader = What’s different, and how it stands now.
mail-cancelled-subject = Your order { $number } is cancelled
mail-cancelled-preheader-unpaid = You haven’t paid anything.
mail-cancelled-preheader-released = The payment was never taken.
mail-cancelled-preheader-sent = { $amount } is on its way back to you.
mail-cancelled-preheader-due = We’ll send { $amount } back to you.
mail-code-subject = { $code } is your code for order { $number }
mail-code-preheader = It works for 10 minutes.

## The answer: heading and the line under it

mail-confirmation-heading = We’ve got your order
mail-arriving-heading = Arriving { $dates }
mail-making-heading = We’re making your order
mail-awaiting-heading = Waiting for your payment
mail-payment-heading = Your payment is here
mail-updated-heading = Your order has changed
mail-cancelled-heading = Your order is cancelled

mail-confirmation-line = Thank you, { $name }. We’ll write again when it’s on its way.
mail-confirmation-line-no-name = Thank you. We’ll write again when it’s on its way.
mail-making-line = Thank you, { $name }. It’s made for you, and leaves us by { $date }.
mail-making-line-no-name = Thank you. It’s made for you, and leaves us by { $date }.
mail-awaiting-line = Pay { $amount } the way you chose at the checkout, and we’ll start at once. Paid already? It can take a day or two to reach us.
mail-payment-line = We’ve received { $amount } for order { $number } and are getting it ready.
mail-updated-line = We’ve changed order { $number }. This is what’s different:
mail-cancelled-line-unpaid = You haven’t paid anything, so there’s nothing to give back.
mail-cancelled-line-released = The payment was never taken. If your bank shows it as reserved, it goes away by itself.
mail-cancelled-line-sent = We’ve sent { $amount } back to the way you paid. It usually arrives in 3 to 5 days.
mail-cancelled-line-due = We’ll send { $amount } back to the way you paid. We’ll be done within 14 days.

mail-gift = This order is a gift. No prices go in the parcel’s papers that we print.

## Facts and labels

mail-see-order = See your order
mail-items = What you ordered
mail-items-now = Your order now
mail-item-about = { $variant } · { $pieces }
mail-pieces = { $n ->
    [one] { $n } piece
   *[other] { $n } pieces
}
mail-each = { $price } each
mail-subtotal = Items
mail-discount = Discount
mail-shipping = Delivery
mail-free = Free
mail-tax = Tax
mail-tax-included = Tax, included
mail-total = Total
mail-address = Delivery address
mail-ships-by = Leaves us by
mail-made-by = Made and sent by
mail-arrives = Arriving
mail-payment = Payment
mail-payment-pending = Not paid yet
mail-payment-authorized = Authorised; we take it when your order leaves
mail-payment-paid = Paid
mail-payment-refunded = Sent back to you
mail-payment-voided = Never taken
mail-ordered-on = Ordered
mail-note = Your note
mail-step-ordered = Ordered
mail-step-packed = Packed
mail-step-shipped = On its way
mail-step-delivered = Delivered

## What changed

mail-change-added = New
mail-change-none = none

## The code that shows the full address

mail-code-heading = Your code
mail-code-line = Type it on the page of order { $number } to see the full address. It works for 10 minutes.
mail-code-not-you = You didn’t ask for it? Then do nothing: without the code nobody sees more than the town.

## Foot of every message

mail-why-order = You get this email because you ordered { $number } from { $shop }. It is part of your purchase.
mail-why-code = You get this email because somebody opened the page of your order { $number } and asked for a code.
mail-faq = Questions and answers

## How the order page lists what we told

told-order-confirmation = Your order is confirmed
told-order-payment_received = Your payment is here
told-order-updated = Your order has changed
told-order-cancelled = Your order is cancelled
told-order-code = A code to see the address
