# Eine Bestellung wiederfinden, und die Liste aller Bestellungen. "Wir" ist der Shop, "Sie" ist, wer sie liest.
# $shop ist der Name des Shops.

find-heading = Bestellung finden
find-lead = Wir schicken den Link an die E-Mail-Adresse oder Nummer, mit der Sie bestellt haben.
find-number = Bestellnummer
find-number-hint = Sie steht in der Bestätigung und auf der Quittung, etwa #1042
find-number-fault = Geben Sie die Nummer der Bestellung ein, etwa 1042.
find-contact = E-Mail-Adresse oder Telefonnummer
find-contact-hint = Die, mit der Sie bestellt haben
find-contact-fault = Geben Sie die E-Mail-Adresse oder Telefonnummer ein, mit der Sie bestellt haben.
find-submit = Link schicken
find-all = Lieber alle Bestellungen sehen
find-sent-heading = Sehen Sie in Ihren Nachrichten nach
find-sent-lead = Wenn es eine Bestellung mit dieser Nummer und dieser Adresse gibt, ist der Link dorthin unterwegs.
find-sent-nothing = Nach ein paar Minuten noch nichts da? Sehen Sie im Spam-Ordner nach, prüfen Sie die Nummer, oder versuchen Sie die andere Adresse, mit der Sie bestellt haben könnten.
find-again = Noch einmal versuchen

mail-link-subject = Der Link zu Ihrer Bestellung { $number }
mail-link-preheader = Er führt direkt zu Ihrer Bestellung.
mail-link-heading = Hier ist Ihre Bestellung
mail-link-line = Sie oder jemand, der die Nummer kennt, hat uns um den Link zu Bestellung { $number } gebeten.
mail-link-not-you = Sie waren das nicht? Dann müssen Sie nichts tun. Der Link ging an Sie und an niemanden sonst.
mail-why-link = Sie bekommen diese E-Mail, weil jemand auf unserer Seite nach Ihrer Bestellung { $number } gesucht und diese Adresse eingegeben hat.
text-link = Hier ist der Link zu Ihrer Bestellung { $number }.
text-link-short = Ihre Bestellung { $number }:
told-order-link = Der Link zu dieser Seite

history-heading = Ihre Bestellungen
history-look = Bestellnummer oder etwas, das Sie gekauft haben
history-state = Welche
history-state-any = Alle
history-state-open = Noch nicht da
history-state-delivered = Zugestellt
history-state-cancelled = Storniert
history-period = Bestellt
history-period-any = Irgendwann
history-period-month = In den letzten 30{"\u00A0"}Tagen
history-period-half = In den letzten 6{"\u00A0"}Monaten
history-submit = Anzeigen
history-clear = Alle anzeigen
history-more = { $count ->
    [one] und { $count } weiteres
   *[other] und { $count } weitere
}
history-see = Bestellung { $order } ansehen
history-older = Ältere Bestellungen
history-newest = Neueste Bestellungen
history-cut = Es sind mehr Bestellungen, als wir auf einmal durchsehen.
history-further = Weiter zurück suchen
history-no-match-heading = Keine solche Bestellung
history-no-match-text = Keine Ihrer Bestellungen passt dazu. Prüfen Sie die Schreibweise, oder suchen Sie in einem anderen Jahr.
history-none-heading = Noch keine Bestellungen
history-none-text = Mit den Adressen und Nummern, die Sie bestätigt haben, gibt es keine. Mit einer anderen bestellt? Fügen Sie sie hinzu.
history-none-link = Adresse oder Nummer hinzufügen
