# Tage und Zeiten. $n ist 1 für Montag bis 7 für Sonntag, 1 für Januar bis 12 für Dezember.
# Ein Tag kommt fertig in die Sätze: "Donnerstag, 26. November".
weekday = { $n ->
    [1] Montag
    [2] Dienstag
    [3] Mittwoch
    [4] Donnerstag
    [5] Freitag
    [6] Samstag
   *[7] Sonntag
}
month = { $n ->
    [1] Januar
    [2] Februar
    [3] März
    [4] April
    [5] Mai
    [6] Juni
    [7] Juli
    [8] August
    [9] September
    [10] Oktober
    [11] November
   *[12] Dezember
}
# {"\u00A0"} ist ein Leerzeichen, an dem keine Zeile umbricht.
date-this-year = { $weekday }, { $day }.{"\u00A0"}{ $month }
date-other-year = { $weekday }, { $day }.{"\u00A0"}{ $month } { $year }
date-range-month = { $from-weekday }, { $from-day }. bis { $to-weekday }, { $to-day }.{"\u00A0"}{ $month }
date-range-month-other-year = { $from-weekday }, { $from-day }. bis { $to-weekday }, { $to-day }.{"\u00A0"}{ $month } { $year }
date-range = { $from } bis { $to }
time-of-day = { $hour }:{ $minute }
