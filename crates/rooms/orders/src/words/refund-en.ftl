# Money that went back. "We" is the shop, "you" is the customer. Short, warm, exact; no exclamation marks.
# $amount and $sum arrive finished: "£18.00". $number is the order's number, for example #1042.

mail-refunded-subject = We’ve sent back { $amount } for order { $number }
mail-refunded-preheader = It usually arrives in 3 to 5 days.
mail-refunded-heading = We’ve sent back { $amount }
mail-refunded-line = It goes to the way you paid, and usually arrives in 3 to 5 days.
# $sum: what has gone back altogether, this time and before.
mail-refunded-line-more = It goes to the way you paid, and usually arrives in 3 to 5 days. With what we sent before, that makes { $sum }.
# A row under the total of a receipt.
mail-refunded = Sent back

# The same row on the order page.
page-refunded = Sent back

# How the order page lists this message.
told-order-refunded = Money sent back
