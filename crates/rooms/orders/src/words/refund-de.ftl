# Geld, das zurückgegangen ist. „Wir“ ist der Laden, „Sie“ ist die Kundin oder der Kunde. Kurz, freundlich, genau.
# $amount und $sum kommen fertig geschrieben: „18,00 €“. $number ist die Bestellnummer, zum Beispiel #1042.

mail-refunded-subject = Wir haben Ihnen { $amount } für Bestellung { $number } erstattet
mail-refunded-preheader = Meist ist das Geld in 3 bis 5 Tagen bei Ihnen.
mail-refunded-heading = Wir haben Ihnen { $amount } erstattet
mail-refunded-line = Der Betrag geht auf dem Weg zurück, auf dem Sie bezahlt haben. Meist ist er in 3 bis 5 Tagen bei Ihnen.
# $sum: was insgesamt zurückgegangen ist, diesmal und vorher.
mail-refunded-line-more = Der Betrag geht auf dem Weg zurück, auf dem Sie bezahlt haben. Meist ist er in 3 bis 5 Tagen bei Ihnen. Zusammen mit dem, was wir vorher erstattet haben, sind es { $sum }.
# Eine Zeile unter der Summe einer Quittung.
mail-refunded = Erstattet

# Dieselbe Zeile auf der Bestellseite.
page-refunded = Erstattet

# So führt die Bestellseite diese Nachricht auf.
told-order-refunded = Geld erstattet
