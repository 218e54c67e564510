# Geld, das zurückgegangen ist. "Wir" ist der Shop, "Sie" ist, wer bestellt hat. Kurz, warm, genau; ohne Ausrufezeichen.
# $amount und $sum kommen fertig: "18,00 €". $number ist die Nummer der Bestellung, zum Beispiel #1042.

mail-refunded-subject = Wir haben Ihnen { $amount } für Bestellung { $number } erstattet
mail-refunded-preheader = Meist ist das Geld in 3 bis 5{"\u00A0"}Tagen da.
mail-refunded-heading = Wir haben Ihnen { $amount } erstattet
mail-refunded-line = Das Geld kommt auf Ihrem Zahlungsweg zurück. Meist ist es in 3 bis 5{"\u00A0"}Tagen da.
# $sum: was insgesamt zurückgegangen ist, diesmal und vorher.
mail-refunded-line-more = Das Geld kommt auf Ihrem Zahlungsweg zurück. Meist ist es in 3 bis 5{"\u00A0"}Tagen da. Mit dem, was wir Ihnen vorher erstattet haben, sind es { $sum }.
# Eine Zeile unter der Gesamtsumme.
mail-refunded = Erstattet

# Dieselbe Zeile auf der Bestellseite.
page-refunded = Erstattet

# So führt die Bestellseite diese Nachricht auf.
told-order-refunded = Geld erstattet
