# Was wir in einer SMS zu einer Bestellung sagen. Davor steht der Name des Shops, dahinter ein Link; zusammen möglichst
# eine SMS mit 160 Zeichen. Gibt es einen Satz in mehreren Längen, wird der längste gesendet, der passt.

text-confirmation-arrives = Danke, Ihre Bestellung { $number } ist da. Lieferung: { $dates }.
text-confirmation-arrives-short = Bestellung { $number }: Lieferung { $dates }.
text-confirmation = Danke, Ihre Bestellung { $number } ist bei uns angekommen. Hier sehen Sie, wie es weitergeht:
text-confirmation-short = Ihre Bestellung { $number } ist da.
text-awaiting = Ihre Bestellung { $number } wartet auf Ihre Zahlung von { $amount }.
text-awaiting-short = Bestellung { $number }: { $amount } zu zahlen.
text-making = Danke, wir fertigen Ihre Bestellung { $number }. Versand bis { $date }.
text-making-short = Bestellung { $number }: Versand bis { $date }.
text-payment = Danke, Ihre Zahlung von { $amount } für Bestellung { $number } ist da.
text-payment-short = { $amount } für Bestellung { $number } sind da.
text-updated-arrives = Ihre Bestellung { $number } kommt jetzt: { $dates }.
text-updated-total = Ihre Bestellung { $number } wurde geändert. Neue Summe: { $amount }.
text-updated = Ihre Bestellung { $number } wurde geändert. Was neu ist, sehen Sie hier:
text-updated-short = Bestellung { $number } wurde geändert.
text-cancelled-unpaid = Ihre Bestellung { $number } ist storniert. Es wurde nichts abgebucht.
text-cancelled-released = Ihre Bestellung { $number } ist storniert. Der reservierte Betrag ist wieder frei.
text-cancelled-sent = Ihre Bestellung { $number } ist storniert. { $amount } sind auf dem Weg zu Ihnen.
text-cancelled-due = Ihre Bestellung { $number } ist storniert. Wir überweisen Ihnen { $amount } zurück.
text-cancelled-short = Bestellung { $number } ist storniert.
text-code = { $code } ist Ihr Code für die Seite der Bestellung { $number }, gültig 10 Minuten. Nicht angefordert? Dann tun Sie bitte nichts.
text-code-short = { $code } ist Ihr Code für Bestellung { $number }.
# Money went back.
text-refunded = Wir haben Ihnen { $amount } für Ihre Bestellung { $number } erstattet.
text-refunded-short = { $amount } für { $number } erstattet.
