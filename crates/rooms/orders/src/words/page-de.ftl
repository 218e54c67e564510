# Die Seite einer Bestellung, /o/…: Sie öffnet sich aus jeder Nachricht zu ihr.
# "Wir" ist der Shop, "Sie" ist, wer bestellt hat. Die erste Überschrift antwortet auf "Wo ist meine Bestellung?"; der Satz
# darunter sagt, was als Nächstes kommt oder zu tun ist. Tage kommen fertig: "Donnerstag, 26. November".
# $order ist die Nummer der Bestellung, wie der Shop sie schreibt, zum Beispiel #1042. $shop ist der Name des Shops.

# Kleine Zeile über der Überschrift.
page-kicker = Bestellung { $order } · { $date }

## Die Antwort: Überschrift und Satz, je nach Stand

page-placed-heading = Ihre Bestellung ist bei uns
# $date: der letzte Tag, an dem sie den Shop verlässt.
page-placed-lead = Wir verschicken sie bis { $date } und schreiben Ihnen, sobald sie unterwegs ist.
page-placed-lead-no-date = Sobald sie unterwegs ist, schreiben wir Ihnen.
# Auf Bestellung gefertigt: Die Zeit dafür gehört zum Versprechen.
page-making-heading = Wir fertigen Ihre Bestellung
page-making-lead = Sie wird extra für Sie gemacht. Wir verschicken sie bis { $date }.
page-making-lead-no-date = Sie wird extra für Sie gemacht, deshalb dauert es etwas länger. Sobald sie unterwegs ist, schreiben wir Ihnen.
page-unpaid-heading = Wir warten auf Ihre Zahlung
# $amount: die ganze Summe, "27,95 €".
page-unpaid-lead = Wir halten Ihre Bestellung für Sie bereit. Bitte bezahlen Sie { $amount } so, wie Sie es an der Kasse gewählt haben; dann packen wir.
page-unpaid-hint = Schon bezahlt? Bis die Zahlung bei uns ankommt, können ein bis zwei Tage vergehen. Dann schreiben wir Ihnen.
page-packed-heading = Gepackt und bereit
page-packed-lead = Als Nächstes holt der Paketdienst sie ab.
page-shipped-heading = Unterwegs
page-shipped-lead = Ihr Paket ist auf dem Weg zu Ihnen.
# Der Liefertag ist bekannt und wird zur Überschrift. $dates: ein Tag oder "Mittwoch, 25. bis Freitag, 27. November".
page-arriving-heading = Ihre Lieferung: { $dates }
page-arriving-lead-placed = Ihre Bestellung ist bei uns. Wir verschicken sie bis { $date }.
page-arriving-lead-shipped = Ihr Paket ist unterwegs.
page-delivered-heading = Zugestellt: { $date }
page-delivered-heading-no-date = Zugestellt
page-delivered-lead = Stimmt etwas nicht? Sagen Sie es uns unten, wir bringen es in Ordnung.
page-cancelled-heading = Diese Bestellung ist storniert
# Was mit dem Geld geschieht, eins von vieren.
page-cancelled-lead-unpaid = Sie haben nichts bezahlt, also müssen wir Ihnen auch nichts erstatten.
page-cancelled-lead-refunded = Wir haben { $amount } auf Ihrem Zahlungsweg zurückgeschickt. Meist ist das Geld in 3 bis 5{"\u00A0"}Tagen da.
page-cancelled-lead-refund-due = Wir schicken { $amount } auf Ihrem Zahlungsweg zurück.
page-cancelled-lead-voided = Es wurde nichts abgebucht. Falls Ihre Bank den Betrag noch als vorgemerkt zeigt, verschwindet er von selbst.

## Der Weg der Bestellung

# Name der Liste, für alle, die sich die Seite vorlesen lassen.
page-steps = Stand
page-step-ordered = Bestellt
page-step-making = In Arbeit
page-step-packed = Gepackt
page-step-shipped = Unterwegs
page-step-delivered = Zugestellt
# Wird nach dem Namen eines Schritts vorgelesen, nicht gezeigt.
page-step-done = erledigt
page-step-current = jetzt
page-step-todo = steht noch aus

## Was zu tun ist

page-get-help = Hilfe zu dieser Bestellung
# Betreff der E-Mail an den Shop.
page-help-subject = Bestellung { $order }

## Hinweise

page-changed = Wir haben diese Bestellung geändert ({ $date }). Unten steht, wie sie jetzt ist.
page-gift = Diese Bestellung ist ein Geschenk.
page-refunded-part = Wir haben { $amount } auf Ihrem Zahlungsweg zurückgeschickt.

## Was bestellt wurde

page-items = Das haben Sie bestellt
page-items-cancelled = Das hatten Sie bestellt
# Unter dem Namen eines Artikels, nach seiner Ausführung: "100 g · 2 Stück · je 12,00 €".
page-item-quantity = { $quantity ->
    [one] { $quantity }{"\u00A0"}Stück
   *[other] { $quantity }{"\u00A0"}Stück
}
# Nach der Menge, wenn es mehrere sind. $price: "12,00 €".
page-item-each = je { $price }
page-subtotal = Artikel
page-discount = Rabatt
page-shipping = Versandkosten
page-shipping-free = kostenlos
page-tax = MwSt.
page-tax-included = MwSt., in der Summe enthalten
page-total = Summe

## Angaben

page-details = Angaben
page-payment = Zahlung
page-payment-pending = Noch offen
page-payment-authorized = Vorgemerkt. Abgebucht wird beim Versand
page-payment-paid = Bezahlt
page-payment-partially-refunded = Bezahlt, davon { $amount } erstattet
page-payment-refunded = Erstattet
page-payment-voided = Nicht abgebucht
page-ships-by = Versand bis
page-arriving = Lieferung
page-note = Ihre Anmerkung

## Lieferadresse. Wer den Link hat, sieht nur den Ort; für alles andere braucht es einen Code.

page-address = Lieferadresse
# $town: "Leeds"; $postcode: die letzten Zeichen der Postleitzahl, "2AB".
page-address-masked = { $town }, Postleitzahl endet auf { $postcode }
page-address-masked-town = { $town }
page-address-masked-none = Verborgen
page-address-why = Diese Seite öffnet sich für alle, die ihren Link haben. Deshalb zeigt sie die ganze Adresse nur mit einem Code.
page-address-send = Ganze Adresse zeigen: Code anfordern
# $to: eine verdeckte Adresse oder Nummer, "a…@example.test".
page-code-sent = Wir haben einen Code an { $to } geschickt. Er gilt 10{"\u00A0"}Minuten.
page-code-label = Der sechsstellige Code
page-code-hint = Nur Ziffern. Sie können ihn auch einfügen.
page-code-submit = Adresse zeigen
page-code-again = Neuen Code anfordern
page-code-wrong = Das ist nicht der Code, den wir geschickt haben. Bitte sehen Sie in der neuesten Nachricht nach und geben Sie ihn noch einmal ein.
page-code-expired = Dieser Code ist abgelaufen. Bitte fordern Sie einen neuen an.
page-code-too-many = Zu viele Versuche. Warten Sie zu Ihrer Sicherheit { $minutes }{"\u00A0"}Minuten und fordern Sie dann einen neuen Code an.
page-code-no-contact = Wir haben keine Adresse, an die wir einen Code schicken können. Fragen Sie uns unten, dann prüfen wir sie mit Ihnen.
page-address-done = Das ist die ganze Adresse. Sie wird wieder verborgen, wenn Sie die Seite verlassen.
# Vor dem Titel der Seite, wenn in einem Formular etwas nicht stimmte.
page-title-error = Fehler: { $title }

## Was wir Ihnen geschrieben haben

page-told = Was wir Ihnen geschrieben haben
page-told-none = Noch nichts. Hier wird jede Nachricht zu dieser Bestellung stehen.
# $to: verdeckt. Eine Zeile je Nachricht, unter ihrem Betreff.
page-told-email = E-Mail an { $to }
page-told-text = SMS an { $to }
# Wenn sie nicht ankam.
page-told-failed = Nicht zustellbar an { $to }
page-told-pending = Unterwegs an { $to }
page-told-earlier = { $count ->
    [one] 1 frühere Nachricht zeigen
   *[other] { $count } frühere Nachrichten zeigen
}
