# Antworten auf das, was jemand dem Shop per SMS schreibt. Der Name des Shops steht in jeder SMS vorn.

text-stopped = Sie bekommen keine SMS mehr von uns. Neues zu Ihren Bestellungen kommt per E-Mail. Mit START bekommen Sie wieder SMS.
text-started = Schön, dass Sie wieder dabei sind: Neues zu Ihren Bestellungen kommt wieder per SMS. Mit STOPP beenden Sie das jederzeit.
text-help-phone = Wir schreiben Ihnen zu Ihren Bestellungen. Fragen? { $phone }. Keine SMS mehr: STOPP.
text-help-email = Wir schreiben Ihnen zu Ihren Bestellungen. Fragen? { $email }. Keine SMS mehr: STOPP.
text-help = Wir schreiben Ihnen zu Ihren Bestellungen. Keine SMS mehr: STOPP.
text-subject = Ihre SMS an { $shop }
text-why = Sie bekommen dies, weil Sie { $shop } eine SMS geschickt haben.
