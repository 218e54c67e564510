# Nachrichten zu einer Bestellung. "Wir" ist der Shop, "Sie" ist, wer bestellt hat. Kurz, warm, genau; ohne Ausrufezeichen
# und ohne Anrede nach Geschlecht. Es heißt immer Bestellung, Lieferung und Versandkosten.
# $number ist die Nummer der Bestellung, wie der Shop sie schreibt, zum Beispiel #1042. $shop ist der Name des Shops.
# $name ist der Vorname. $amount kommt fertig: "27,95 €". Tage auch: "Donnerstag, 26. November".

## Betreff und Vorschau

mail-confirmation-subject = Ihre Bestellung { $number } ist bei uns
mail-confirmation-preheader-ships = Wir verschicken sie bis { $date }.
mail-confirmation-preheader = { $shop }: vielen Dank. Hier steht alles zu Ihrer Bestellung.
mail-awaiting-subject = Ihre Bestellung { $number }: Die Zahlung fehlt noch
mail-awaiting-preheader = { $amount } sind offen. Wir halten Ihre Bestellung für Sie bereit.
mail-making-subject = Wir fertigen Ihre Bestellung { $number }
mail-making-preheader = Extra für Sie gemacht. Wir verschicken sie bis { $date }.
mail-payment-subject = Zahlung für Bestellung { $number } erhalten
mail-payment-preheader = { $amount } sind da, vielen Dank. Wir bereiten jetzt alles vor.
mail-updated-subject = Ihre Bestellung { $number } hat sich geändert
mail-updated-preheader = Was neu ist und wie sie jetzt aussieht.
mail-cancelled-subject = Ihre Bestellung { $number } ist storniert
mail-cancelled-preheader-unpaid = Sie haben nichts bezahlt.
mail-cancelled-preheader-released = Es wurde nichts abgebucht.
mail-cancelled-preheader-sent = { $amount } sind auf dem Weg zurück zu Ihnen.
mail-cancelled-preheader-due = Sie bekommen { $amount } zurück.
mail-code-subject = { $code } ist Ihr Code für Bestellung { $number }
mail-code-preheader = Er gilt 10{"\u00A0"}Minuten.

## Die Antwort: Überschrift und der Satz darunter

mail-confirmation-heading = Ihre Bestellung ist bei uns
mail-arriving-heading = Ihre Lieferung: { $dates }
mail-making-heading = Wir fertigen Ihre Bestellung
mail-awaiting-heading = Wir warten auf Ihre Zahlung
mail-payment-heading = Ihre Zahlung ist da
mail-updated-heading = Ihre Bestellung hat sich geändert
mail-cancelled-heading = Ihre Bestellung ist storniert

mail-confirmation-line = Danke, { $name }. Sobald sie unterwegs ist, schreiben wir Ihnen wieder.
mail-confirmation-line-no-name = Vielen Dank. Sobald sie unterwegs ist, schreiben wir Ihnen wieder.
mail-making-line = Danke, { $name }. Wir fertigen sie extra für Sie und verschicken sie bis { $date }.
mail-making-line-no-name = Vielen Dank. Wir fertigen sie extra für Sie und verschicken sie bis { $date }.
mail-awaiting-line = Bitte bezahlen Sie { $amount } so, wie Sie es an der Kasse gewählt haben; dann fangen wir sofort an. Schon bezahlt? Bis die Zahlung bei uns ankommt, können ein bis zwei Tage vergehen.
mail-payment-line = { $amount } für Bestellung { $number } sind eingegangen. Wir machen sie jetzt versandfertig.
mail-updated-line = Wir haben Bestellung { $number } geändert. Das ist neu:
mail-cancelled-line-unpaid = Sie haben nichts bezahlt, also müssen wir Ihnen auch nichts erstatten.
mail-cancelled-line-released = Es wurde nichts abgebucht. Falls Ihre Bank den Betrag noch als vorgemerkt zeigt, verschwindet er von selbst.
mail-cancelled-line-sent = Wir haben { $amount } auf Ihrem Zahlungsweg zurückgeschickt. Meist ist das Geld in 3 bis 5{"\u00A0"}Tagen da.
mail-cancelled-line-due = Wir schicken { $amount } auf Ihrem Zahlungsweg zurück, spätestens innerhalb von 14{"\u00A0"}Tagen.

mail-gift = Diese Bestellung ist ein Geschenk. Auf den Papieren, die wir beilegen, stehen keine Preise.

## Angaben und ihre Bezeichnungen

mail-see-order = Bestellung ansehen
mail-items = Das haben Sie bestellt
mail-items-now = Ihre Bestellung jetzt
mail-item-about = { $variant } · { $pieces }
mail-pieces = { $n ->
    [one] { $n }{"\u00A0"}Stück
   *[other] { $n }{"\u00A0"}Stück
}
mail-each = je { $price }
mail-subtotal = Artikel
mail-discount = Rabatt
mail-shipping = Versandkosten
mail-free = kostenlos
mail-tax = MwSt.
mail-tax-included = MwSt., enthalten
mail-total = Summe
mail-address = Lieferadresse
mail-ships-by = Versand bis
mail-made-by = Gefertigt und verschickt bis
mail-arrives = Lieferung
mail-payment = Zahlung
mail-payment-pending = Noch offen
mail-payment-authorized = Vorgemerkt; abgebucht wird beim Versand
mail-payment-paid = Bezahlt
mail-payment-refunded = Erstattet
mail-payment-voided = Nicht abgebucht
mail-ordered-on = Bestellt am
mail-note = Ihre Anmerkung
mail-step-ordered = Bestellt
mail-step-packed = Gepackt
mail-step-shipped = Unterwegs
mail-step-delivered = Zugestellt

## Was sich geändert hat

mail-change-added = Neu
mail-change-none = keine

## Der Code, der die ganze Adresse zeigt

mail-code-heading = Ihr Code
mail-code-line = Geben Sie ihn auf der Seite von Bestellung { $number } ein, dann sehen Sie die ganze Adresse. Er gilt 10{"\u00A0"}Minuten.
mail-code-not-you = Sie haben keinen Code angefordert? Dann müssen Sie nichts tun: Ohne ihn sieht niemand mehr als den Ort.

## Fuß jeder Nachricht

mail-why-order = Sie bekommen diese E-Mail, weil Sie { $number } bei { $shop } bestellt haben. Sie gehört zu Ihrem Einkauf.
mail-why-code = Sie bekommen diese E-Mail, weil jemand die Seite Ihrer Bestellung { $number } geöffnet und einen Code angefordert hat.
mail-faq = Fragen und Antworten

## Wie die Seite der Bestellung nennt, was wir geschrieben haben

told-order-confirmation = Ihre Bestellung ist bestätigt
told-order-payment_received = Ihre Zahlung ist da
told-order-updated = Ihre Bestellung hat sich geändert
told-order-cancelled = Ihre Bestellung ist storniert
told-order-code = Ein Code für die ganze Adresse
