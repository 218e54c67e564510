# Die Seite, die sagt, wie wir jemanden erreichen, und die Links dorthin. „Wir“ ist der Shop, „Sie“ liest.
# $shop ist der Name des Shops, $topic der Name eines Themas wie unten, in Anführungszeichen.

# Am Fuß jeder Mail: ein Link zu der Seite.
letter-reach = Wie wir Sie erreichen
# Am Fuß einer Mail, die man abbestellen kann: ein Link, der dieses Thema beendet.
letter-unsubscribe = „{ $topic }“ abbestellen

# Die Antwort zuerst: wie wir schreiben. Darunter stehen die verdeckte Adresse und einer der Gründe.
you-heading-email = Wir schreiben Ihnen per E-Mail
you-heading-sms = Wir schreiben Ihnen per SMS
you-heading-none = Wir können Sie gerade nicht erreichen
you-why-stated = So haben Sie es sich gewünscht.
you-why-default = So schreibt { $shop } allen, die nichts anderes gesagt haben.
you-why-only = Es ist der einzige Weg, der bleibt.
you-why-after-stop = Sie haben auf unsere SMS mit STOP geantwortet.
you-why-none = Unter dem, was wir von Ihnen haben, kommt nichts mehr an. Nennen Sie uns bei der nächsten Nachricht oder Bestellung eine neue Adresse.

# Die Wege, aus denen man wählt.
you-channel-heading = Wie wir Ihnen schreiben
you-channel-email = E-Mail
you-channel-sms = SMS
you-channel-save = Weg speichern
you-channel-one = Es gibt einen Weg zu Ihnen, also nichts zu wählen. Mit einer Mobilnummer oder E-Mail-Adresse bei der nächsten Bestellung haben Sie zwei.
# Wenn der Shop selbst nur einen Weg hat.
you-channel-shop = { $shop } schreibt nur per E-Mail.
you-channel-none = Es gibt keinen Weg, der funktioniert.
# Neben einer verdeckten Nummer oder Adresse, an die nichts geht.
you-note-stopped = Sie haben mit STOP geantwortet. Schreiben Sie START an dieselbe Nummer, dann kommen unsere SMS wieder.
you-note-dead = Hier kommt nichts mehr an.

# Was sich abbestellen lässt, jeweils mit einer Zeile, die sagt, was es ist.
you-topics-heading = Worüber wir schreiben
you-topics-save = Auswahl speichern
you-topic-tips = Tipps zu Ihrem Einkauf
you-topic-tips-hint = Wie Sie am meisten davon haben, wenn es gerade hilft
you-topic-feedback = Fragen, wie es war
you-topic-feedback-hint = Kurz, und nur zu dem, was Sie gekauft haben
you-topic-news = Neues und Angebote
you-topic-news-hint = Was es bei { $shop } Neues gibt

# Über den Wegen eines Themas und neben „wie oft“, für alle, die sich die Seite vorlesen lassen.
you-by = Wie: { $topic }
you-pace = Wie oft: { $topic }
you-pace-0 = Sobald es etwas gibt
you-pace-7 = Höchstens einmal in der Woche
you-pace-30 = Höchstens einmal im Monat

you-pause-heading = Pause von uns
you-pause-text = Wir schreiben nur zu Ihren Bestellungen, und alles andere wartet, bis Sie es wieder möchten.
you-pause-is = Sie haben Ruhe bis { $date }. Nachrichten zu Ihren Bestellungen kommen weiter.
you-pause-30 = 30{"\u00A0"}Tage
you-pause-60 = 60{"\u00A0"}Tage
you-pause-90 = 90{"\u00A0"}Tage
you-pause-end = Pause beenden

you-hours-heading = Ruhezeiten
you-hours-shops = Zu diesen Stunden kommt nichts, was warten kann. Es sind die von { $shop }; wählen Sie eigene, wenn andere besser passen.
you-hours-own = Zu diesen Stunden kommt nichts, was warten kann. Sie haben sie gewählt.
you-hours-from = Ruhe ab
you-hours-to = Bis
you-hours-zone = Nach der Uhr von
you-hours-zone-hint = Eine Zeitzone, etwa Europe/Berlin
you-hours-save = Ruhezeiten speichern
you-hours-give-up = Lieber die des Shops

# Ein Knopf für alles.
you-stop-heading = Bitte nur meine Bestellungen
you-stop-text = Ein Klick, und wir schreiben Ihnen nur noch zu Ihren Bestellungen.
you-stop-button = Alles andere abbestellen
# Holt zurück, was der Knopf gerade abbestellt hat. Darüber steht, was das ist.
you-stop-undo = Das wieder bestellen
you-stop-is = So ist es: Wir schreiben Ihnen nur zu Ihren Bestellungen.

# Was sich nicht abbestellen lässt, und warum.
you-stays-heading = Was bleibt
you-stays-text = Nachrichten zu Ihren Bestellungen: dass wir sie haben, was sich ändert, und Codes, die Sie anfordern. Sie gehören zu Ihrem Einkauf.

# Was ein Formular gerade getan hat.
you-done-channel = Gespeichert. So schreiben wir Ihnen ab jetzt.
you-done-topics = Gespeichert. Darüber schreiben wir Ihnen ab jetzt.
you-done-stopped = Erledigt. Sie hören von uns nur noch zu Ihren Bestellungen. Möchten Sie etwas davon wiederhaben, kreuzen Sie es unten an.
you-done-paused = Gespeichert. Wir lassen Sie eine Weile in Ruhe.
you-done-resumed = Die Pause ist zu Ende. Was auf Sie gewartet hat, kommt jetzt nach und nach.
you-done-hours = Gespeichert. Das sind Ihre Ruhezeiten.
you-done-no-clock = Diese Zeitzone kennen wir nicht. Es wurde nichts geändert. Schreiben Sie sie etwa so: Europe/Berlin.
you-done-not-possible = Dieser Weg ist gerade nicht offen. Es wurde nichts geändert.

# Die Seite hinter dem Link, der ein Thema beendet.
you-out-heading = „{ $topic }“ abbestellen?
you-out-text = Ein Klick, und { $shop } schickt Ihnen davon nichts mehr.
you-out-button = Abbestellen
you-out-all = Alles außer meinen Bestellungen abbestellen
you-out-more = Wie wir Sie erreichen
you-out-done-heading = Abbestellt: „{ $topic }“
you-out-done-all-heading = Abbestellt: alles außer Ihren Bestellungen
you-out-done-text = Nachrichten zu Ihren Bestellungen kommen weiter. Sie gehören zu Ihrem Einkauf.
