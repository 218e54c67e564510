# Der Rahmen um jede Seite. "Wir" ist der Shop, "Sie" ist, wer sie liest. Ohne Ausrufezeichen.
# $shop ist der Name des Shops.

shell-skip = Zum Inhalt
# Name der Navigation, für alle, die sich die Seite vorlesen lassen.
shell-nav = Hauptmenü
shell-orders = Bestellungen
shell-you = Ihre Seite
shell-help-heading = Brauchen Sie Hilfe?
# Der Link zu den häufigen Fragen des Shops.
shell-faq = Fragen und Antworten
# Darunter: warum man ihm folgen sollte.
shell-faq-hint = Die schnellste Antwort auf die meisten Fragen
shell-email-hint = Wir antworten per E-Mail
shell-contact = Kundenservice anschreiben
shell-contact-hint = Per Formular oder Chat
# Name der Liste mit Links zu Instagram und dergleichen.
shell-social = { $shop } anderswo
# Der Link zur eigenen Seite des Shops.
shell-site = Zurück zu { $shop }

# Die Seite unter "/": Hier landet, wer den Link zur Bestellung nicht mehr hat.
front-title = Ihre Bestellungen
front-heading = Bestellung finden
front-lead = Hier hält { $shop } Sie nach Ihrem Einkauf auf dem Laufenden.
front-how-heading = So kommen Sie zu einer Bestellung
front-how-mail = Öffnen Sie die E-Mail oder SMS, die wir Ihnen zur Bestellung geschickt haben. Der Link darin führt direkt zu ihr.
front-how-spam = Keine Nachricht da? Suchen Sie im Spam-Ordner nach { $shop }.
front-find = Link zu einer Bestellung schicken
front-all = Alle meine Bestellungen sehen
front-how-help = Immer noch nichts? Fragen Sie uns unten und nennen Sie Ihren Namen und den Tag der Bestellung. Dann schicken wir den Link noch einmal.

# Fehlerseiten: was war, ob alles sicher ist, was zu tun ist.
# Vor dem Code, den man dem Shop nennt, wie req_01jd….
error-quote = Wenn Sie uns schreiben, nennen Sie bitte
error-404-heading = Hier gibt es keine Seite
error-404-safe = Ihre Bestellungen sind sicher. Vielleicht ist der Link abgeschnitten, oder ein neuerer hat ihn ersetzt.
error-404-next = Öffnen Sie den ganzen Link noch einmal aus unserer E-Mail oder SMS. Hilft das nicht, fragen Sie uns unten.
error-429-heading = Das war zu oft
error-429-safe = Es ist nichts verloren.
# $minutes ist, wie lange zu warten ist.
error-429-next = { $minutes ->
    [one] Warten Sie eine Minute und versuchen Sie es dann noch einmal.
   *[other] Warten Sie { $minutes }{"\u00A0"}Minuten und versuchen Sie es dann noch einmal.
}
error-503-heading = Das geht gerade nicht
error-503-safe = Ihre Bestellung ist sicher, und es wurde nichts geändert.
error-503-next = Warten Sie eine Minute und laden Sie die Seite dann neu.
# Wenn die Verbindung genau beim Speichern abriss.
error-unknown-heading = Wir wissen noch nicht, ob das geklappt hat
error-unknown-safe = Ihre Bestellung ist sicher.
error-unknown-next = Laden Sie die Seite Ihrer Bestellung neu: Sie zeigt den Stand. Versuchen Sie es dann, wenn nötig, noch einmal.
error-500-heading = Bei uns ist etwas schiefgegangen
error-500-safe = Ihre Bestellung ist sicher. Der Fehler liegt bei uns, und wir wissen davon.
error-500-next = Versuchen Sie es in ein paar Minuten noch einmal. Passiert es wieder, fragen Sie uns unten.
# Jede andere Absage. Der zweite Satz steht, wo auf Englisch der Grund genannt wird.
error-other-heading = Das hat nicht geklappt
error-other-safe = Es wurde nichts geändert.
error-other-next = Gehen Sie zurück, prüfen Sie Ihre Eingabe und versuchen Sie es noch einmal.
