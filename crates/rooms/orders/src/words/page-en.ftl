# The order page, /o/…: the page a customer opens from every message about an order.
# "We" is the shop, "you" is the customer. The first heading answers the question "where is my order?"; the
# sentence under it says what comes next, or what to do. Dates arrive finished: "Thursday 26 November".
# $order is the order's number as the shop writes it, for example #1042. $shop is the shop's name.

# Small line over the heading.
page-kicker = Order { $order } · placed { $date }

## The answer: heading and sentence, by state

page-placed-heading = We’ve got your order
# $date: the last day it leaves the shop.
page-placed-lead = It leaves us by { $date }. We’ll write as soon as it does.
page-placed-lead-no-date = We’ll write as soon as it’s on its way.
# Made to order: the time it takes to make is part of the promise.
page-making-heading = We’re making your order
page-making-lead = It’s made for you, and leaves us by { $date }.
page-making-lead-no-date = It’s made for you, so it takes a little longer. We’ll write as soon as it’s on its way.
page-unpaid-heading = Waiting for your payment
# $amount: the whole sum, "£27.95".
page-unpaid-lead = We’re keeping your order for you. Pay { $amount } the way you chose at the checkout, and we’ll start packing.
page-unpaid-hint = Paid already? It can take a day or two to reach us. We’ll write when it does.
page-packed-heading = Packed and ready to go
page-packed-lead = The carrier collects it next.
page-shipped-heading = On its way
page-shipped-lead = Your parcel has left us.
# The promise is known: it becomes the heading. $dates: one date, or "Wednesday 25 to Friday 27 November".
page-arriving-heading = Arriving { $dates }
page-arriving-lead-placed = We’ve got your order. It leaves us by { $date }.
page-arriving-lead-shipped = Your parcel is on its way.
page-delivered-heading = Delivered { $date }
page-delivered-heading-no-date = Delivered
page-delivered-lead = Something not right? Tell us below and we’ll fix it.
page-cancelled-heading = This order is cancelled
# What happens to the money, one of four.
page-cancelled-lead-unpaid = You haven’t paid anything, so there’s nothing to give back.
page-cancelled-lead-refunded = We’ve sent { $amount } back to the way you paid. It usually arrives in 3 to 5 days.
page-cancelled-lead-refund-due = We’ll send { $amount } back to the way you paid.
page-cancelled-lead-voided = The payment was never taken. If your bank shows it as reserved, it goes away by itself.

## Progress

# Name of the list of steps, for people who listen to the page.
page-steps = Progress
page-step-ordered = Ordered
page-step-making = Being made
page-step-packed = Packed
page-step-shipped = On its way
page-step-delivered = Delivered
# Said after a step's name, not shown.
page-step-done = done
page-step-current = now
page-step-todo = still to come

## Actions

page-get-help = Get help with this order
# Leads to the question below whether they wait for what is late.
page-delay-answer = Keep it or cancel it
# Leads to the place and the hours below.
page-collect-where = See where to collect it
# Subject of the email to the shop that it opens.
page-help-subject = Order { $order }

## Notices

page-changed = We changed this order on { $date }. Below is how it stands now.
page-gift = This order is a gift.
page-refunded-part = We’ve sent { $amount } back to the way you paid.

## What was ordered

page-items = What you ordered
page-items-cancelled = What you had ordered
# Under an item's name, after its variant: "100 g · 2 pieces · £12.00 each".
page-item-quantity = { $quantity ->
    [one] { $quantity } piece
   *[other] { $quantity } pieces
}
# After the quantity, when there is more than one. $price: "£12.00".
page-item-each = { $price } each
page-subtotal = Items
page-discount = Discount
page-shipping = Delivery
page-shipping-free = Free
page-tax = Tax
page-tax-included = Tax, included in the total
page-total = Total

## Details

page-details = Details
page-payment = Payment
page-payment-pending = Not paid yet
page-payment-authorized = Authorised. We take it when your order leaves
page-payment-paid = Paid
page-payment-partially-refunded = Paid, and { $amount } sent back
page-payment-refunded = Sent back to you
page-payment-voided = Never taken
page-ships-by = Leaves us by
page-arriving = Arriving
page-note = Your note

## Delivery address. Whoever has the link sees the town only; the rest needs a code.

page-address = Delivery address
# $town: "Leeds"; $postcode: its last characters, "2AB".
page-address-masked = { $town }, postcode ending { $postcode }
page-address-masked-town = { $town }
page-address-masked-none = Hidden
page-address-why = This page opens for everyone who has its link, so the full address needs a code.
page-address-send = Show the full address: send me a code
# $to: a masked address or number, "a…@example.test".
page-code-sent = We’ve sent a code to { $to }. It works for 10 minutes.
page-code-label = The 6-digit code
page-code-hint = Numbers only. You can paste it.
page-code-submit = Show my address
page-code-again = Send another code
page-code-wrong = That’s not the code we sent. Check the newest message and type it again.
page-code-expired = That code has run out. Send another one.
page-code-too-many = Too many tries. For your safety, wait { $minutes } minutes, then send a new code.
page-code-no-contact = We have no address to send a code to. Ask us below and we’ll check it with you.
page-address-done = This is the full address. It’s hidden again when you leave the page.
# Before the page's title, when a form had a mistake.
page-title-error = Error: { $title }

## What we've told you

page-told = What we’ve told you
page-told-none = Nothing yet. Every message about this order will be listed here.
# $to: masked. One line per message, under its subject.
page-told-email = Email to { $to }
page-told-text = Text to { $to }
# Said when it did not arrive.
page-told-failed = Couldn’t be delivered to { $to }
page-told-pending = On its way to { $to }
page-told-earlier = { $count ->
    [one] Show 1 earlier message
   *[other] Show { $count } earlier messages
}

## Parcels. $carrier is who carries it, or page-the-carrier.

page-the-carrier = the carrier
# Nothing has left by the promised day.
page-late-heading = Running late at our end
page-delay-heading = Keep it or cancel it?
page-delay-keeps = Would you rather not wait? Then cancel it. Otherwise there is nothing to do: we send it as soon as we can.
## $date is the day at whose end it counts as cancelled.
page-delay-cancels = If it hasn’t left by { $date } and you haven’t told us that you wait for it, we cancel it and give you your money back.
page-delay-cancels-now = Unless you tell us that you wait for it, we cancel it now and give you your money back.
## $date is the day of the answer.
page-delay-kept = You told us on { $date } that you wait for it. Thank you. You can still change your mind.
page-delay-cancel-asked = You asked us on { $date } to cancel it. We write as soon as that is done.
# Nothing is left to answer.
page-delay-settled-heading = This question is settled
page-delay-settled-left = We asked whether you wait for this order. It has left us since.
page-delay-settled-cancelled = We asked whether you wait for this order. It is cancelled now.
## $date is the day on which they asked us to cancel it.
page-delay-settled-left-all-the-same = You asked us on { $date } to cancel this order, and it has left us all the same. We’re sorry. Tell us if you don’t want it any more.
page-delay-keep = I’ll wait for it
page-delay-cancel = Cancel what hasn’t left
page-late-lead = It should have left us by now. We’re sorry. We’re on it, and write as soon as it leaves.
# Some parcels are here, the others on their way.
page-parcels-heading = { $there } of { $all } parcels are here
# Everything that left is here, and something has not left yet.
page-parcels-part-heading = A part of your order is here
page-parcels-part-lead = We’ll write as soon as the rest leaves.
page-parcel-packed-lead = It leaves with { $carrier } next.
page-collect-at = Collect it at
page-collect-by = Collect it by { $date }
page-likely-heading = Probably arriving { $dates }
## How sure the days above are: of what this shop sent the same way. $percent is of a hundred.
page-parcel-likely = Nobody has named a day. Of a hundred parcels that we sent this way, { $percent } took so long.
page-parcel-way-lead = Your parcel is with { $carrier } and on its way.
page-parcel-today-heading = Arriving today
page-parcel-today-lead = { $carrier } has your parcel on the van.
page-parcel-collect-heading = Ready to collect
page-parcel-collect-lead = { $carrier } is keeping your parcel for you. Collect it soon: after some days it goes back to us.
page-parcel-missed-heading = { $carrier } missed you
page-parcel-missed-lead = { $carrier } came, and nobody could take your parcel. They usually try again on the next working day, or leave it to be collected.
page-parcel-late-heading = Running late with { $carrier }
page-parcel-late-lead = It should have been there by now. We’re sorry. We’re asking { $carrier } where it is, and write as soon as we know.
# $date: the day of the last scan.
page-parcel-silent-heading = No news of your parcel
page-parcel-silent-lead = { $carrier } has told us nothing since { $date }. We’re sorry. We’re asking them where it is, and write as soon as we know.
page-parcel-lost-lead = { $carrier } has told us nothing since { $date }, so we count it as lost. We’re sorry. If it isn’t found, we’ll send it again or give you your money back.
page-parcel-problem-heading = There’s a problem with your parcel
page-parcel-problem-address = { $carrier } can’t find your address. Check it below, and tell us what is missing.
page-parcel-problem-customs = Customs is looking at it. Most parcels go on within a few days; if they ask you for something, we’ll help.
page-parcel-problem-damaged = { $carrier } says that it was damaged on the way. We’re looking into it, and put it right whatever they find.
page-parcel-problem-lost = { $carrier } can’t find it. We’ve asked them to search, and we’ll send it again or give you your money back.
page-parcel-problem-returning = { $carrier } is bringing it back to us. Tell us below, and we’ll find another way.
page-parcel-problem-delayed = { $carrier } says that it takes longer than planned. It’s still on its way to you.
page-parcel-problem-other = { $carrier } says that something is in its way. We’re looking into it.
page-parcel-returned-heading = Your parcel is back with us
page-parcel-returned-lead = It could not be delivered. Tell us below: we’ll send it again or give you your money back.
page-parcel-there-neighbour = It was left with a neighbour. Can’t find it? Tell us below, and we’ll fix it.
page-parcel-there-safe-place = It was left in a safe place. Can’t find it? Tell us below, and we’ll fix it.
page-parcel-there-locker = It’s in a locker or your letter box. Can’t find it? Tell us below, and we’ll fix it.
# Heading of the card of a parcel: the only one, or one of several.
page-parcel = Your parcel
page-parcel-of = Parcel { $place } of { $all }
# $when: "Friday 20 November, 17:40".
page-parcel-heard = last news { $when }
page-parcel-link = See it at { $carrier }
page-parcel-earlier = { $count ->
    [one] Show 1 earlier update
   *[other] Show { $count } earlier updates
}
# When there are more than those: $count is all there are.
page-parcel-all-scans = Show all { $count } updates
page-parcel-items = In this parcel
page-parcel-part-of = More of what is in one of the other parcels
page-parcel-item = { $pieces } × { $title }
page-state-silent = No news
page-state-pending = Packed
page-state-info-received = Announced to the carrier
page-state-in-transit = On its way
page-state-out-for-delivery = Out for delivery
page-state-available-for-pickup = Ready to collect
page-state-failed-attempt = Delivery missed
page-state-exception = Problem
page-state-delivered = Delivered
page-state-returned-to-sender = Back at the sender
page-state-cancelled = Cancelled
page-parcel-missing-heading = We’re looking for your parcel
page-parcel-missing-lead = { $carrier } says that it was delivered, and you say that it isn’t there. We’re asking them, and write to you. We’ll send it again or give you your money back.
# Buttons.
page-parcel-missing = It isn’t here
page-parcel-found = I’ve found it
