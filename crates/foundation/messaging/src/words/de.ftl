# Die wenigen Wörter, die die Blöcke einer Nachricht selbst mitbringen. Alles andere schreibt ihre Vorlage.

# Über den Wegen, im Shop jemanden zu erreichen.
letter-service = Kundenservice
# Vor einer Adresse, einer Nummer und den Öffnungszeiten.
letter-email = E-Mail
letter-phone = Telefon
letter-hours = Erreichbar
# Ein Link zu einer Seite mit Formular oder Chat.
letter-contact-page = Online schreiben
# Vor einer Liste sozialer Netzwerke.
letter-follow = Folgen Sie uns
# Wo eine Bestellung steht: $n ist der erreichte Schritt, $total die Zahl der Schritte.
letter-step = Schritt { $n } von { $total }
# Neben dem alten und dem neuen Wert, und statt eines Werts, den es nicht mehr gibt.
letter-before = Bisher
letter-now = Jetzt
letter-removed = Entfällt
