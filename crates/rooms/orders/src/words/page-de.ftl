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
page-delay-answer = Behalten oder stornieren
page-collect-where = Abholort ansehen
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

## Pakete

page-the-carrier = dem Paketdienst
page-late-heading = Bei uns verspätet
page-delay-heading = Behalten oder stornieren?
page-delay-keeps = Möchten Sie lieber nicht warten? Dann stornieren Sie sie. Sonst ist nichts zu tun: Wir schicken sie, sobald wir können.
## $date ist der Tag, an dessen Ende sie als storniert gilt.
page-delay-cancels = Wenn sie bis { $date } nicht unterwegs ist und Sie uns nicht gesagt haben, dass Sie warten, stornieren wir sie, und Sie bekommen Ihr Geld zurück.
page-delay-cancels-now = Wenn Sie uns nicht sagen, dass Sie warten, stornieren wir sie jetzt, und Sie bekommen Ihr Geld zurück.
## $date ist der Tag der Antwort.
page-delay-kept = Sie haben uns am { $date } gesagt, dass Sie warten. Danke. Sie können es sich noch anders überlegen.
page-delay-cancel-asked = Sie haben uns am { $date } gebeten, sie zu stornieren. Wir schreiben, sobald das geschehen ist.
page-delay-settled-heading = Diese Frage ist erledigt
page-delay-settled-left = Wir hatten gefragt, ob Sie auf diese Bestellung warten. Sie ist inzwischen unterwegs.
page-delay-settled-cancelled = Wir hatten gefragt, ob Sie auf diese Bestellung warten. Sie ist inzwischen storniert.
page-delay-settled-left-all-the-same = Sie haben uns am { $date } gebeten, diese Bestellung zu stornieren, und sie ist trotzdem unterwegs. Das tut uns leid. Sagen Sie uns, wenn Sie sie nicht mehr möchten.
page-delay-keep = Ich warte darauf
page-delay-cancel = Stornieren, was nicht unterwegs ist
page-late-lead = Ihre Bestellung sollte schon unterwegs sein. Das tut uns leid. Wir kümmern uns darum und schreiben, sobald sie das Haus verlässt.
page-parcels-heading = { $there } von { $all } Paketen sind da
page-parcels-part-heading = Ein Teil Ihrer Bestellung ist da
page-parcels-part-lead = Wir schreiben, sobald der Rest das Haus verlässt.
page-parcel-packed-lead = Als Nächstes geht es mit { $carrier } auf den Weg.
page-collect-at = Abholen bei
page-collect-by = Abholen bis { $date }
page-likely-heading = Kommt wahrscheinlich { $dates }
## Wie sicher die Tage darüber sind: nach dem, was dieser Shop auf demselben Weg schickte. $percent ist von hundert.
page-parcel-likely = Niemand hat einen Tag genannt. Von hundert Paketen, die wir auf diesem Weg geschickt haben, brauchten { $percent } so lange.
page-parcel-way-lead = Ihr Paket ist mit { $carrier } unterwegs.
page-parcel-today-heading = Kommt heute
page-parcel-today-lead = Ihr Paket ist bei { $carrier } im Lieferwagen.
page-parcel-collect-heading = Liegt zur Abholung bereit
page-parcel-collect-lead = Ihr Paket liegt bei { $carrier } für Sie bereit. Holen Sie es bald ab: Nach einigen Tagen geht es zu uns zurück.
page-parcel-missed-heading = Mit { $carrier }: niemand angetroffen
page-parcel-missed-lead = Ihr Paket sollte mit { $carrier } kommen, und niemand konnte es annehmen. Meist gibt es am nächsten Werktag einen weiteren Versuch, oder es liegt zur Abholung bereit.
page-parcel-late-heading = Verspätet mit { $carrier }
page-parcel-late-lead = Es sollte schon da sein. Das tut uns leid. Wir fragen bei { $carrier } nach, wo es ist, und schreiben, sobald wir es wissen.
page-parcel-silent-heading = Keine Nachricht von Ihrem Paket
page-parcel-silent-lead = Von { $carrier } haben wir seit { $date } nichts mehr gehört. Das tut uns leid. Wir fragen nach, wo es ist, und schreiben, sobald wir es wissen.
page-parcel-lost-lead = Von { $carrier } haben wir seit { $date } nichts mehr gehört. Wir nehmen an, dass Ihr Paket verloren ist. Das tut uns leid. Findet es sich nicht, schicken wir es noch einmal oder geben Ihnen Ihr Geld zurück.
page-parcel-problem-heading = Mit Ihrem Paket gibt es ein Problem
page-parcel-problem-address = Mit { $carrier } ist Ihre Adresse nicht zu finden. Sehen Sie sie sich unten an und sagen Sie uns, was fehlt.
page-parcel-problem-customs = Der Zoll sieht es sich an. Meist geht es nach ein paar Tagen weiter; wird etwas von Ihnen verlangt, helfen wir.
page-parcel-problem-damaged = Es wurde unterwegs mit { $carrier } beschädigt. Wir gehen dem nach und bringen es in Ordnung, was auch dabei herauskommt.
page-parcel-problem-lost = Es ist bei { $carrier } nicht auffindbar. Wir lassen danach suchen und schicken es noch einmal oder geben Ihnen Ihr Geld zurück.
page-parcel-problem-returning = Es kommt mit { $carrier } zu uns zurück. Sagen Sie uns unten Bescheid, und wir finden einen anderen Weg.
page-parcel-problem-delayed = Es dauert mit { $carrier } länger als geplant. Es ist weiter auf dem Weg zu Ihnen.
page-parcel-problem-other = Unterwegs mit { $carrier } ist etwas dazwischengekommen. Wir gehen dem nach.
page-parcel-returned-heading = Ihr Paket ist wieder bei uns
page-parcel-returned-lead = Es konnte nicht zugestellt werden. Sagen Sie uns unten Bescheid: Wir schicken es noch einmal oder geben Ihnen Ihr Geld zurück.
page-parcel-there-neighbour = Es wurde in der Nachbarschaft abgegeben. Nicht zu finden? Sagen Sie es uns unten, und wir bringen es in Ordnung.
page-parcel-there-safe-place = Es liegt an einem sicheren Ort. Nicht zu finden? Sagen Sie es uns unten, und wir bringen es in Ordnung.
page-parcel-there-locker = Es liegt in einem Fach oder in Ihrem Briefkasten. Nicht zu finden? Sagen Sie es uns unten, und wir bringen es in Ordnung.
page-parcel = Ihr Paket
page-parcel-of = Paket { $place } von { $all }
page-parcel-heard = zuletzt gehört { $when }
page-parcel-link = Bei { $carrier } ansehen
page-parcel-earlier = { $count ->
    [one] 1 frühere Meldung zeigen
   *[other] { $count } frühere Meldungen zeigen
}
page-parcel-all-scans = Alle { $count } Meldungen zeigen
page-parcel-items = In diesem Paket
page-parcel-part-of = Noch mehr von dem, was in einem der anderen Pakete ist
page-parcel-item = { $pieces } × { $title }
page-state-silent = Keine Nachricht
page-state-pending = Gepackt
page-state-info-received = Beim Paketdienst angemeldet
page-state-in-transit = Unterwegs
page-state-out-for-delivery = In Zustellung
page-state-available-for-pickup = Liegt zur Abholung bereit
page-state-failed-attempt = Nicht angetroffen
page-state-exception = Problem
page-state-delivered = Zugestellt
page-state-returned-to-sender = Wieder beim Absender
page-state-cancelled = Storniert
page-parcel-missing-heading = Wir suchen Ihr Paket
page-parcel-missing-lead = Nach Auskunft von { $carrier } wurde es zugestellt, und Sie sagen, dass es nicht da ist. Wir fragen nach und schreiben Ihnen. Wir schicken es noch einmal oder geben Ihnen Ihr Geld zurück.
page-parcel-missing = Es ist nicht da
page-parcel-found = Ich habe es gefunden
