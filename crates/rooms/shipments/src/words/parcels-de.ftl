# Nachrichten über Pakete. „Wir“ ist der Laden, „Sie“ ist die Kundin oder der Kunde.

parcel-the-carrier = dem Paketdienst
parcel-items = In diesem Paket
parcel-tracking = Sendungsnummer

parcel-shipped-subject = Ihre Bestellung { $number } ist unterwegs
parcel-shipped-preheader = Mit { $carrier }. Verfolgen Sie sie auf der Seite Ihrer Bestellung.
parcel-shipped-heading = Unterwegs
parcel-shipped-heading-arriving = Kommt { $dates }
parcel-shipped-heading-several = { $parcels ->
    [one] { $parcels } Paket ist unterwegs
   *[other] { $parcels } Pakete sind unterwegs
}
parcel-shipped-line = Ihr Paket hat unser Haus verlassen und ist mit { $carrier } unterwegs.
parcel-shipped-line-part = Ein Teil Ihrer Bestellung hat unser Haus verlassen und ist mit { $carrier } unterwegs. Zum Rest schreiben wir Ihnen noch.
parcel-shipped-text-arriving = Ihre Bestellung { $number } ist mit { $carrier } unterwegs. Sie sollte { $dates } ankommen.
parcel-shipped-text = Ihre Bestellung { $number } ist mit { $carrier } unterwegs.
parcel-shipped-text-short = Bestellung { $number } ist unterwegs.

parcel-new-number-subject = Neue Sendungsnummer für Bestellung { $number }
parcel-new-number-preheader = Die Nummer von vorhin gilt nicht mehr.
parcel-new-number-heading = Eine neue Sendungsnummer
parcel-new-number-line = Ihr Paket hat ein neues Etikett bekommen. Bitte nehmen Sie ab jetzt diese Nummer; die vorige gilt nicht mehr.
parcel-new-number-text = Das Paket zu Bestellung { $number } hat eine neue Sendungsnummer. Hier steht sie:
parcel-new-number-text-short = Neue Sendungsnummer zu { $number }:

parcel-out-subject = Bestellung { $number } kommt heute
parcel-out-preheader = Ihr Paket ist bei { $carrier } im Lieferwagen.
parcel-out-heading = Kommt heute
parcel-out-line = Ihr Paket ist bei { $carrier } im Lieferwagen.
parcel-out-text = Ihre Bestellung { $number } kommt heute. Sie ist bei { $carrier } im Lieferwagen.
parcel-out-text-short = Bestellung { $number } kommt heute.

parcel-ready-subject = Bestellung { $number } liegt zur Abholung bereit
parcel-ready-preheader = Ihr Paket liegt bei { $carrier } für Sie bereit.
parcel-ready-heading = Liegt zur Abholung bereit
parcel-ready-line = Ihr Paket liegt bei { $carrier } für Sie bereit. Wo und bis wann, steht auf der Seite Ihrer Bestellung.
parcel-ready-text = Ihre Bestellung { $number } liegt bei { $carrier } zur Abholung bereit.
parcel-ready-text-short = Bestellung { $number } liegt zur Abholung bereit.
parcel-reminder-subject = Bestellung { $number } wartet noch auf Sie
parcel-reminder-preheader = Holen Sie sie ab, bevor sie zurückgeht.
parcel-reminder-heading = Wartet noch auf Sie
parcel-reminder-line = Ihr Paket liegt immer noch bei { $carrier }. Holen Sie es bald ab: Nach einigen Tagen geht es zu uns zurück.
parcel-reminder-text = Ihre Bestellung { $number } liegt noch bei { $carrier }. Holen Sie sie ab, bevor sie zurückgeht.
parcel-reminder-text-short = Bestellung { $number } wartet auf Abholung.

parcel-missed-subject = Mit { $carrier }: Bestellung { $number } konnte niemand annehmen
parcel-missed-preheader = Wie es weitergeht, steht auf der Seite Ihrer Bestellung.
parcel-missed-heading = Niemand angetroffen
parcel-missed-line = Ihr Paket sollte mit { $carrier } kommen, und niemand konnte es annehmen. Meist gibt es am nächsten Werktag einen weiteren Versuch, oder es liegt zur Abholung bereit.
parcel-missed-text = Ihre Bestellung { $number } kam mit { $carrier }, und niemand war da. So geht es weiter:
parcel-missed-text-short = Niemand da: { $number } mit { $carrier }.

parcel-problem-subject = Ein Problem mit dem Paket zu Bestellung { $number }
parcel-problem-preheader = Was passiert ist und was wir tun.
parcel-problem-heading-address = Mit { $carrier } ist Ihre Adresse nicht zu finden
parcel-problem-line-address = Sehen Sie sich die Adresse auf der Seite Ihrer Bestellung an und antworten Sie auf diese Nachricht mit dem, was fehlt. Wir geben es sofort weiter.
parcel-problem-heading-customs = Beim Zoll
parcel-problem-line-customs = Der Zoll sieht sich Ihr Paket an. Meist geht es nach ein paar Tagen weiter; wird etwas von Ihnen verlangt, helfen wir.
parcel-problem-heading-damaged = Ihr Paket wurde beschädigt
parcel-problem-line-damaged = Nach Auskunft von { $carrier } wurde es unterwegs beschädigt. Das tut uns leid. Wir gehen dem nach und bringen es in Ordnung, was auch dabei herauskommt.
parcel-problem-heading-lost = Ihr Paket ist bei { $carrier } nicht auffindbar
parcel-problem-line-lost = Das tut uns leid. Wir lassen danach suchen und schicken es noch einmal oder geben Ihnen Ihr Geld zurück.
parcel-problem-heading-refused = Ihr Paket kommt zu uns zurück
parcel-problem-line-refused = Nach Auskunft von { $carrier } wurde es an der Tür nicht angenommen. Ist das ein Irrtum, antworten Sie auf diese Nachricht.
parcel-problem-heading-not-collected = Ihr Paket kommt zu uns zurück
parcel-problem-line-not-collected = Es wurde nicht rechtzeitig abgeholt. Antworten Sie auf diese Nachricht, und wir finden einen anderen Weg.
parcel-problem-heading-returning = Ihr Paket kommt zu uns zurück
parcel-problem-line-returning = Es konnte mit { $carrier } nicht zugestellt werden. Antworten Sie auf diese Nachricht, und wir finden einen anderen Weg.
parcel-problem-text = Mit dem Paket zu Bestellung { $number } gibt es ein Problem. Was passiert ist und was wir tun:
parcel-problem-text-short = Ein Problem mit dem Paket zu { $number }:

parcel-delivered-subject = Bestellung { $number } ist da
parcel-delivered-preheader = Nicht da oder nicht richtig? Sagen Sie es uns auf der Seite Ihrer Bestellung.
parcel-delivered-heading = Zugestellt
parcel-delivered-heading-all = Alles ist da
parcel-delivered-line = Ihr Paket ist mit { $carrier } angekommen. Nicht da oder nicht richtig? Sagen Sie es uns auf der Seite Ihrer Bestellung, und wir bringen es in Ordnung.
parcel-delivered-line-neighbour = Ihr Paket kam mit { $carrier } und liegt in der Nachbarschaft. Nicht zu finden? Sagen Sie es uns auf der Seite Ihrer Bestellung, und wir bringen es in Ordnung.
parcel-delivered-line-safe-place = Ihr Paket kam mit { $carrier } und liegt an einem sicheren Ort. Nicht zu finden? Sagen Sie es uns auf der Seite Ihrer Bestellung, und wir bringen es in Ordnung.
parcel-delivered-line-locker = Ihr Paket kam mit { $carrier } und liegt in einem Fach oder in Ihrem Briefkasten. Nicht zu finden? Sagen Sie es uns auf der Seite Ihrer Bestellung, und wir bringen es in Ordnung.
parcel-delivered-text-all = Alles aus Ihrer Bestellung { $number } ist jetzt da. Nicht richtig? Sagen Sie es uns hier:
parcel-delivered-text = Ein Paket Ihrer Bestellung { $number } ist zugestellt. Nicht da? Sagen Sie es uns hier:
parcel-delivered-text-short = Bestellung { $number }: zugestellt.

parcel-corrected-subject = Bestellung { $number } ist doch noch unterwegs
parcel-corrected-preheader = Wir hatten sie als zugestellt gemeldet; bei { $carrier } gilt das nicht mehr.
parcel-corrected-heading = Doch noch unterwegs
parcel-corrected-line = Wir hatten Ihnen gesagt, dass Ihr Paket zugestellt ist. Bei { $carrier } wurde das zurückgenommen: Es ist noch unterwegs. Entschuldigen Sie das Durcheinander.
parcel-corrected-text = Bestellung { $number } ist mit { $carrier } doch noch unterwegs und nicht zugestellt. Entschuldigen Sie das Durcheinander.
parcel-corrected-text-short = Bestellung { $number } ist doch noch unterwegs.

parcel-returned-subject = Das Paket zu Bestellung { $number } ist wieder bei uns
parcel-returned-preheader = Sagen Sie uns, wie es weitergehen soll.
parcel-returned-heading = Ihr Paket ist wieder bei uns
parcel-returned-line = Es konnte mit { $carrier } nicht zugestellt werden. Antworten Sie auf diese Nachricht: Wir schicken es noch einmal oder geben Ihnen Ihr Geld zurück.
parcel-returned-text = Das Paket zu Bestellung { $number } kam zu uns zurück. Sagen Sie uns, wie es weitergehen soll:
parcel-returned-text-short = Das Paket zu { $number } kam zu uns zurück.

parcel-late-leaving-subject = Bestellung { $number } verspätet sich bei uns
parcel-late-leaving-preheader = Das tut uns leid, und wir kümmern uns darum. Möchten Sie lieber nicht warten?
parcel-late-leaving-heading = Bei uns verspätet
parcel-late-leaving-line-leaves = Wir hatten gesagt, dass Ihre Bestellung bis { $promised } das Haus verlässt, und das hat sie nicht. Das tut uns leid. Wir kümmern uns darum und schreiben, sobald sie unterwegs ist.
# Only a day of arrival was told.
parcel-late-leaving-line-arrives = Wir hatten gesagt, dass Ihre Bestellung bis { $promised } ankommt, und sie ist noch nicht unterwegs. Das tut uns leid. Wir kümmern uns darum und schreiben, sobald sie unterwegs ist.
# No day was told, and the law of the place sets one.
parcel-late-leaving-line-law = Ihre Bestellung ist noch nicht unterwegs und sollte es bis { $promised } sein. Das tut uns leid. Wir kümmern uns darum und schreiben, sobald sie unterwegs ist.
parcel-late-leaving-text = Das tut uns leid: Ihre Bestellung { $number } ist noch nicht unterwegs. Behalten oder stornieren:
parcel-late-leaving-text-cancels = Ihre Bestellung { $number } ist noch nicht unterwegs. Behalten oder stornieren? Ohne Antwort stornieren wir sie am { $date }:
parcel-late-leaving-text-short = Bestellung { $number } ist noch nicht unterwegs.
parcel-silence-keeps = Möchten Sie lieber nicht warten? Dann stornieren Sie sie; sonst ist nichts zu tun.
## $date ist der Tag, an dessen Ende sie als storniert gilt.
parcel-silence-cancels = Wenn sie bis { $date } nicht unterwegs ist und Sie uns nicht gesagt haben, dass Sie warten, stornieren wir sie, und Sie bekommen Ihr Geld zurück.
parcel-silence-cancels-now = Wenn Sie uns nicht sagen, dass Sie warten, stornieren wir sie jetzt, und Sie bekommen Ihr Geld zurück.
parcel-collect-at = Abholen bei
parcel-collect-by = Abholen bis
parcel-keep-or-cancel = Behalten oder stornieren
parcel-late-arriving-subject = Bestellung { $number } verspätet sich
parcel-late-arriving-preheader = Sie sollte bis { $promised } da sein.
parcel-late-arriving-heading-new = Kommt { $date }
parcel-late-arriving-line-new = Wir hatten { $promised } gesagt, und mit { $carrier } dauert es länger: Ihr Paket wird jetzt für { $date } erwartet. Entschuldigen Sie die Wartezeit. Möchten Sie lieber nicht warten? Antworten Sie auf diese Nachricht.
parcel-late-arriving-heading-unknown = Mit { $carrier } verspätet
parcel-late-arriving-line-unknown = Wir hatten { $promised } gesagt, und Ihr Paket ist nicht da. Das tut uns leid. Wir fragen bei { $carrier } nach, wo es ist, und schreiben, sobald wir es wissen. Möchten Sie lieber nicht warten? Antworten Sie auf diese Nachricht.
parcel-late-arriving-text-new = Ihre Bestellung { $number } kommt mit { $carrier } leider später, voraussichtlich { $date }.
parcel-late-arriving-text = Ihre Bestellung { $number } verspätet sich leider. Wir fragen bei { $carrier } nach.
parcel-late-arriving-text-short = Bestellung { $number } verspätet sich leider.

told-shipment-shipped = Ihre Bestellung ist unterwegs
told-shipment-new_number = Eine neue Sendungsnummer
told-shipment-out_for_delivery = Sie kommt heute
told-shipment-ready_for_pickup = Liegt zur Abholung bereit
told-shipment-pickup_reminder = Liegt noch zur Abholung bereit
told-shipment-missed = Niemand angetroffen
told-shipment-problem = Ein Problem mit einem Paket
told-shipment-delivered = Zugestellt
told-shipment-corrected = Doch noch unterwegs
told-shipment-returned = Ein Paket ist wieder bei uns
told-shipment-late_leaving = Bei uns verspätet
told-shipment-late_arriving = Unterwegs verspätet
