# Answers to what people text to the shop. The shop's name comes first in each text, so no sentence needs to say it.

# After STOP. The only text that may follow; news about orders goes by e-mail from now on.
text-stopped = You won’t get any more texts from us. News about your orders comes by e-mail. Text START if you change your mind.
# After START.
text-started = Welcome back: news about your orders comes by text again. Text STOP at any time to end it.
# After HELP: with a phone number, with an e-mail address, with neither.
text-help-phone = We text you news about your orders. Questions? Call { $phone }. Text STOP to end these texts.
text-help-email = We text you news about your orders. Questions? Write to { $email }. Text STOP to end these texts.
text-help = We text you news about your orders. Text STOP to end these texts.
# Heading of the same answer when it is looked at as a letter.
text-subject = Your text to { $shop }
# Foot of that letter.
text-why = You get this because you sent a text to { $shop }.
