# Messages about parcels. "We" is the shop, "you" is the customer. Short, warm, exact; one apology, and only when it is ours.
# $number is the order's number. $carrier is who carries the parcel, or parcel-the-carrier. Dates arrive finished:
# "Thursday 26 November". Texts: the shop's name stands before each and a link behind it; all of it should be one text.

# Stands for $carrier where nobody has said who carries it.
parcel-the-carrier = the carrier
# Over the goods in a parcel.
parcel-items = In this parcel
# Label of a tracking number whose carrier nobody knows.
parcel-tracking = Tracking number

## It is on its way

parcel-shipped-subject = Your order { $number } is on its way
parcel-shipped-preheader = With { $carrier }. Follow it on your order’s page.
parcel-shipped-heading = On its way
parcel-shipped-heading-arriving = Arriving { $dates }
parcel-shipped-heading-several = { $parcels ->
    [one] { $parcels } parcel is on its way
   *[other] { $parcels } parcels are on their way
}
parcel-shipped-line = Your parcel has left us and is with { $carrier }.
parcel-shipped-line-part = A part of your order has left us and is with { $carrier }. We’ll write about the rest.
parcel-shipped-text-arriving = Your order { $number } is on its way with { $carrier }. It should arrive { $dates }.
parcel-shipped-text = Your order { $number } is on its way with { $carrier }.
parcel-shipped-text-short = Order { $number } is on its way.

## Its tracking number changed

parcel-new-number-subject = A new tracking number for order { $number }
parcel-new-number-preheader = The number we sent before doesn’t work any more.
parcel-new-number-heading = A new tracking number
parcel-new-number-line = Your parcel got a new label. Please use this number from now on; the one we sent before doesn’t work any more.
parcel-new-number-text = The parcel of order { $number } has a new tracking number. See it here:
parcel-new-number-text-short = New tracking number for { $number }:

## It comes today

parcel-out-subject = Order { $number } arrives today
parcel-out-preheader = { $carrier } has it on the van.
parcel-out-heading = Arriving today
parcel-out-line = { $carrier } has your parcel on the van.
parcel-out-text = Your order { $number } arrives today: { $carrier } has it on the van.
parcel-out-text-short = Order { $number } arrives today.

## It waits to be collected

parcel-ready-subject = Order { $number } is ready to collect
parcel-ready-preheader = { $carrier } is keeping it for you.
parcel-ready-heading = Ready to collect
parcel-ready-line = { $carrier } is keeping your parcel for you. Where, and until when, is on your order’s page.
parcel-ready-text = Your order { $number } is ready to collect from { $carrier }.
parcel-ready-text-short = Order { $number } is ready to collect.
parcel-reminder-subject = Order { $number } is still waiting for you
parcel-reminder-preheader = Collect it before it goes back.
parcel-reminder-heading = Still waiting for you
parcel-reminder-line = Your parcel is still with { $carrier }. Collect it soon: after some days it goes back to us.
parcel-reminder-text = Your order { $number } still waits to be collected from { $carrier }. Collect it before it goes back.
parcel-reminder-text-short = Order { $number } still waits to be collected.

## Nobody was there

parcel-missed-subject = { $carrier } missed you with order { $number }
parcel-missed-preheader = What happens next is on your order’s page.
parcel-missed-heading = They missed you
parcel-missed-line = { $carrier } came with your parcel and nobody could take it. They usually try again on the next working day, or leave it to be collected.
parcel-missed-text = { $carrier } came with your order { $number } and missed you. See what happens next:
parcel-missed-text-short = { $carrier } missed you with { $number }.

## Something is wrong with it

parcel-problem-subject = A problem with the parcel of order { $number }
parcel-problem-preheader = What happened, and what we do about it.
parcel-problem-heading-address = { $carrier } can’t find your address
parcel-problem-line-address = Check the address on your order’s page and answer this message with what is missing. We’ll pass it on at once.
parcel-problem-heading-customs = Held by customs
parcel-problem-line-customs = Customs is looking at your parcel. Most go on within a few days; if they ask you for something, we’ll help.
parcel-problem-heading-damaged = Your parcel was damaged
parcel-problem-line-damaged = { $carrier } says that it was damaged on the way. We’re sorry. We’re looking into it, and put it right whatever they find.
parcel-problem-heading-lost = { $carrier } can’t find your parcel
parcel-problem-line-lost = We’re sorry. We’ve asked them to search, and we’ll send it again or give you your money back.
parcel-problem-heading-refused = Your parcel is coming back to us
parcel-problem-line-refused = { $carrier } says that it was not accepted at the door. If that’s a mistake, answer this message.
parcel-problem-heading-not-collected = Your parcel is coming back to us
parcel-problem-line-not-collected = It was not collected in time. Answer this message, and we’ll find another way.
parcel-problem-heading-returning = Your parcel is coming back to us
parcel-problem-line-returning = { $carrier } could not deliver it. Answer this message, and we’ll find another way.
parcel-problem-text = There is a problem with the parcel of order { $number }. What happened, and what we do about it:
parcel-problem-text-short = A problem with the parcel of { $number }:

## It is there

parcel-delivered-subject = Order { $number } is there
parcel-delivered-preheader = Not right, or not there? Tell us on your order’s page.
parcel-delivered-heading = Delivered
parcel-delivered-heading-all = Everything is here
parcel-delivered-line = { $carrier } has delivered your parcel. Not there, or not right? Tell us on your order’s page, and we’ll fix it.
parcel-delivered-line-neighbour = { $carrier } left your parcel with a neighbour. Can’t find it? Tell us on your order’s page, and we’ll fix it.
parcel-delivered-line-safe-place = { $carrier } left your parcel in a safe place. Can’t find it? Tell us on your order’s page, and we’ll fix it.
parcel-delivered-line-locker = { $carrier } put your parcel into a locker or your letter box. Can’t find it? Tell us on your order’s page, and we’ll fix it.
parcel-delivered-text-all = Everything of your order { $number } is delivered now. Not right? Tell us here:
parcel-delivered-text = A parcel of your order { $number } is delivered. Not there? Tell us here:
parcel-delivered-text-short = Order { $number }: delivered.

## It is not there after all

parcel-corrected-subject = Order { $number } is still on its way after all
parcel-corrected-preheader = We told you it was delivered, and { $carrier } has taken that back.
parcel-corrected-heading = Still on its way
parcel-corrected-line = We told you that your parcel was delivered, and { $carrier } has taken that back: it’s still on its way. We’re sorry for the confusion.
parcel-corrected-text = { $carrier } has taken back that order { $number } was delivered: it’s still on its way. Sorry for the confusion.
parcel-corrected-text-short = Order { $number } is still on its way after all.

## It is back with us

parcel-returned-subject = The parcel of order { $number } is back with us
parcel-returned-preheader = Tell us how you’d like to go on.
parcel-returned-heading = Your parcel is back with us
parcel-returned-line = { $carrier } could not deliver it. Answer this message: we’ll send it again or give you your money back.
parcel-returned-text = The parcel of order { $number } came back to us. Tell us how you’d like to go on:
parcel-returned-text-short = The parcel of { $number } came back to us.

## It is late. $promised is the day that was told, $date the new one.

parcel-late-leaving-subject = Order { $number } is running late at our end
parcel-late-leaving-preheader = We’re sorry, and we’re on it. Would you rather not wait?
parcel-late-leaving-heading = Running late at our end
parcel-late-leaving-line-leaves = We said that your order leaves by { $promised }, and it hasn’t. We’re sorry. We’re on it, and write as soon as it leaves.
# Only a day of arrival was told.
parcel-late-leaving-line-arrives = We said that your order arrives by { $promised }, and it hasn’t left us yet. We’re sorry. We’re on it, and write as soon as it leaves.
# No day was told, and the law of the place sets one.
parcel-late-leaving-line-law = Your order hasn’t left us yet, and it should have by { $promised }. We’re sorry. We’re on it, and write as soon as it leaves.
parcel-late-leaving-text = We’re sorry: your order { $number } has not left yet. We’re on it. Keep it or cancel it:
parcel-late-leaving-text-cancels = We’re sorry: your order { $number } has not left yet. Keep it or cancel it; without an answer we cancel it on { $date }:
parcel-late-leaving-text-short = Sorry, order { $number } has not left yet.
parcel-silence-keeps = Would you rather not wait? Then cancel it; else there is nothing to do.
## $date is the day at whose end it counts as cancelled.
parcel-silence-cancels = If it hasn’t left by { $date } and you haven’t told us that you wait for it, we cancel it and give you your money back.
parcel-silence-cancels-now = Unless you tell us that you wait for it, we cancel it now and give you your money back.
parcel-collect-at = Collect it at
parcel-collect-by = Collect it by
parcel-keep-or-cancel = Keep it or cancel it
parcel-late-arriving-subject = Order { $number } is late
parcel-late-arriving-preheader = It should have arrived by { $promised }.
parcel-late-arriving-heading-new = Arriving { $date }
parcel-late-arriving-line-new = We said { $promised }, and { $carrier } needs longer: your parcel is expected on { $date } now. We’re sorry for the wait. Would you rather not wait? Answer this message.
parcel-late-arriving-heading-unknown = Running late with { $carrier }
parcel-late-arriving-line-unknown = We said { $promised }, and your parcel isn’t there. We’re sorry. We’re asking { $carrier } where it is, and write as soon as we know. Would you rather not wait? Answer this message.
parcel-late-arriving-text-new = We’re sorry, your order { $number } is late: { $carrier } expects it on { $date } now.
parcel-late-arriving-text = We’re sorry, your order { $number } is late with { $carrier }. We’re asking them where it is.
parcel-late-arriving-text-short = Sorry, order { $number } is late.

## In the list of what was said, on the order’s page

told-shipment-shipped = Your order is on its way
told-shipment-new_number = A new tracking number
told-shipment-out_for_delivery = It arrives today
told-shipment-ready_for_pickup = Ready to collect
told-shipment-pickup_reminder = Still waiting to be collected
told-shipment-missed = Delivery missed
told-shipment-problem = A problem with a parcel
told-shipment-delivered = Delivered
told-shipment-corrected = Still on its way after all
told-shipment-returned = A parcel is back with us
told-shipment-late_leaving = Running late at our end
told-shipment-late_arriving = Running late on its way
