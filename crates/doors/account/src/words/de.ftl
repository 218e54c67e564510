# Die eigenen Seiten: Anmelden mit einem Code, und was wir wissen. "Wir" ist der Shop, "Sie" ist, wer sie liest.
# $shop ist der Name des Shops. Es gibt kein Konto anzulegen und kein Passwort.

# Vor dem Titel der Seite, wenn in einem Formular etwas nicht stimmte.
account-title-error = Fehler: { $title }

account-ask-heading = Alle Ihre Bestellungen
account-ask-lead = Nennen Sie uns die E-Mail-Adresse oder Nummer, mit der Sie bestellt haben. Wir schicken Ihnen einen Code; ein Passwort brauchen Sie nicht.
account-ask-label = E-Mail-Adresse oder Mobilnummer
account-ask-hint = Eine Nummer mit Landesvorwahl, etwa +49 170 1234567
account-ask-fault = Geben Sie Ihre E-Mail-Adresse ein oder Ihre Nummer mit Landesvorwahl, etwa +49 170 1234567.
account-ask-submit = Code schicken
account-ask-find = Ich möchte nur eine Bestellung finden

account-said-out = Sie sind abgemeldet.
account-said-ended = Dieser Browser ist abgemeldet.
account-said-deleted = Wir löschen, was wir über Sie wissen, und Sie sind überall abgemeldet. Das dauert ein paar Minuten.
account-said-over = Dieser Code gilt nicht mehr. Ein Code gilt einmal, 10{"\u00A0"}Minuten lang, und in dem Browser, in dem Sie ihn angefordert haben. Fordern Sie einen neuen an.

account-code-heading = Code eingeben
# $to: die Adresse oder Nummer, wie sie eingegeben wurde.
account-code-lead = Wenn Sie mit { $to } bestellt haben, ist dorthin ein Code unterwegs. Er gilt 10{"\u00A0"}Minuten.
account-code-lead-over = Wenn Sie mit dieser Adresse bestellt haben, ist ein Code unterwegs. Er gilt 10{"\u00A0"}Minuten.
account-code-label = Der sechsstellige Code
account-code-hint = Nur Ziffern. Sie können ihn einfügen.
account-code-wrong = Das ist nicht der Code aus unserer Nachricht. Sehen Sie in der neuesten nach und geben Sie ihn noch einmal ein.
account-code-submit = Anmelden
account-code-nothing = Nach einer Minute noch nichts da? Sehen Sie im Spam-Ordner nach, oder versuchen Sie die andere Adresse oder Nummer, mit der Sie bestellt haben könnten.
account-code-again = Neuen Code schicken

account-link-heading = Hier anmelden?
account-link-lead = Ein Klick, und dieser Browser zeigt Ihre Bestellungen.
account-link-submit = Anmelden
account-link-another-heading = Bitte zurück zum ersten Browser
account-link-another-lead = Zu Ihrer Sicherheit gilt dieser Link nur in dem Browser, in dem Sie ihn angefordert haben. Geben Sie dort den Code aus derselben Nachricht ein, oder fordern Sie hier einen neuen an.
account-link-over-heading = Dieser Link gilt nicht mehr
account-link-over-lead = Er gilt einmal, 10{"\u00A0"}Minuten lang. Fordern Sie einen neuen Code an, dann sind Sie angemeldet.
account-link-again = Hier einen Code anfordern

account-you-heading = Ihre Seite
account-way-orders = Ihre Bestellungen
account-way-orders-hint = Wo sie sind und was darin war
account-way-updates = E-Mails und SMS
account-way-updates-hint = Was wir Ihnen schreiben, wie und wie oft

account-known-heading = Was wir über Sie wissen
account-known-name = Name
account-known-email = E-Mail
account-known-phone = Telefon
account-known-since = Bei uns seit
account-known-none = Sie haben eine der Adressen bestätigt, die wir von Ihnen kennen. Fügen Sie unten die anderen hinzu, dann zeigen wir Ihnen alles.

account-proofs-heading = So melden Sie sich an
account-proofs-text = Sie sehen die Bestellungen, die hiermit aufgegeben wurden. Mit einer Nummer die der letzten 12{"\u00A0"}Monate, denn Nummern wechseln den Besitzer.
account-proved = Bestätigt: { $date }
account-add-label = Mit einer anderen Adresse oder Nummer bestellt? Hier hinzufügen
account-add-submit = Code dorthin schicken

account-browsers-heading = Wo Sie angemeldet sind
account-browser-unknown = Ein Browser
account-browser-this = Dieser Browser
account-browser-when = Angemeldet: { $since }, zuletzt gesehen: { $seen }
account-browser-out = Abmelden
account-out = Abmelden
account-out-everywhere = Überall abmelden

account-data-heading = Ihre Daten
account-data-text = Nehmen Sie alles, was wir über Sie wissen, als Datei mit, oder lassen Sie es löschen.
account-data-part = Um Ihre Daten mitzunehmen oder löschen zu lassen, bestätigen Sie oben zuerst jede E-Mail-Adresse, die wir von Ihnen kennen. Oder schreiben Sie uns, dann machen wir es gemeinsam.
account-data-download = Meine Daten herunterladen
account-data-delete = Meine Daten löschen …

account-delete-heading = Löschen, was { $shop } über Sie weiß?
account-delete-lead = Das lässt sich nicht zurücknehmen, und wir melden Sie überall ab.
account-delete-goes-name = Ihr Name, Ihre E-Mail-Adressen und Telefonnummern werden gelöscht.
account-delete-goes-orders = Aus Ihren Bestellungen verschwinden Name, Adresse und was Sie geschrieben haben. Auch ihre Seiten zeigen nichts davon mehr.
account-delete-goes-messages = Was wir Ihnen noch schicken wollten, wird nicht mehr geschickt, auch nicht zu Bestellungen, die noch unterwegs sind.
account-delete-stays = Was gekauft und bezahlt wurde, bleibt, ohne zu sagen von wem: Das verlangt das Gesetz. Auch dass Sie keine Nachrichten mehr möchten, bleibt, als Fingerabdruck Ihrer Adresse.
account-delete-submit = Meine Daten löschen
account-delete-back = Meine Daten behalten

account-mail-subject = { $code } ist Ihr Code für { $shop }
account-mail-preheader = Er gilt 10{"\u00A0"}Minuten.
account-mail-heading = Ihr Code
account-mail-line = Geben Sie ihn auf der Seite ein, auf der Sie ihn angefordert haben. Er gilt einmal, 10{"\u00A0"}Minuten lang.
account-mail-button = Oder mit einem Klick anmelden
account-mail-not-you = Der Knopf gilt nur in dem Browser, in dem der Code angefordert wurde. Sie waren das nicht? Dann müssen Sie nichts tun: Ohne ihn kommt niemand hinein. Wir fragen Sie nie danach.
account-mail-why = Sie bekommen diese E-Mail, weil jemand bei { $shop } einen Code für Ihre Adresse angefordert hat.
account-text = { $code } ist Ihr Code zum Anmelden, gültig 10 Minuten. Nicht angefordert? Dann tun Sie bitte nichts und geben Sie ihn nicht weiter.
account-text-short = { $code } ist Ihr Code zum Anmelden.
