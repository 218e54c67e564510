# Dates and times. $n is 1 for Monday to 7 for Sunday, 1 for January to 12 for December.
# A date arrives in sentences finished, so it is said here in the case it has after "on" and "by".
weekday = { $n ->
    [1] Monday
    [2] Tuesday
    [3] Wednesday
    [4] Thursday
    [5] Friday
    [6] Saturday
   *[7] Sunday
}
# As it stands beside a day: the genitive, in languages that have one.
month = { $n ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
}
date-this-year = { $weekday } { $day } { $month }
date-other-year = { $weekday } { $day } { $month } { $year }
# From and to within one month: it is named once.
date-range-month = { $from-weekday } { $from-day } to { $to-weekday } { $to-day } { $month }
date-range-month-other-year = { $from-weekday } { $from-day } to { $to-weekday } { $to-day } { $month } { $year }
# $from, $to: whole dates.
date-range = { $from } to { $to }
time-of-day = { $hour }:{ $minute }
