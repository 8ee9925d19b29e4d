"""What people write in their own languages and programs: whoever adds a language or a program edits this file alone."""

import re

MISSING_VALUES = frozenset(
    "na n/a n.a. n.a n/d nd null none nan -nan +nan nil missing unknown undefined void empty <na> (null) "
    "[null] (missing) #n/a #na #n/v #nv #div/0! #value! #ref! #name? #num! #null! #error! #wert! #bezug! "
    "#zahl! #valeur! #nom? #nombre! #valor! 1.#ind -1.#ind 1.#qnan -1.#qnan \\n k.a. k.a n.v. s/d s.d. s.o. "
    "n.c. nc n.s. n.d n.d. nr n.r. fehlt fehlend manquant mancante ausente brak falta н/д н.д. "
    "不明 缺失 無 无 欠損 없음 --:-- -:-- --:--:-- -:--:-- --:--:--.- ? ?? ??? . .. ... … - -- --- – — − * ** : / // "
    "".split()
) | {
    "k. a.", "n. a.", "n / a", "not available", "not applicable", "no data", "keine angabe", "sans objet", "sin dato",
    "sin datos", "no disponible", "non disponibile", "brak danych", "нет данных",
}  # fmt: skip
"""Cells, in lower case, that say that a value is missing."""

CURRENCY_PATTERN = (
    r"(?:Rs\.|kr\.|Fr\.|руб\.|р\.|(?:US|A|C|CA|AU|NZ|HK|R|S)?[$]|[€£¥₹₽₩₺₪₴฿₫₦₱¢]"
    r"|(?:EUR|USD|GBP|CHF|SEK|NOK|DKK|PLN|CZK|HUF|RUB|JPY|CNY|INR|BRL|AUD|CAD|ZAR|TRY|KRW|MXN"
    r"|Rs|kr|zł|Kč|Ft|руб|元|円|원)\b)"
)
"""A currency before or after an amount."""

LARGE_NUMBERS = {
    "k": 1e3, "K": 1e3, "tsd": 1e3, "Tsd": 1e3, "Tsd.": 1e3, "thousand": 1e3, "mil": 1e3, "тыс.": 1e3,
    "m": 1e6, "M": 1e6, "mio": 1e6, "Mio": 1e6, "Mio.": 1e6, "million": 1e6, "millions": 1e6, "млн": 1e6,
    "b": 1e9, "B": 1e9, "bn": 1e9, "Mrd": 1e9, "Mrd.": 1e9, "billion": 1e9, "billions": 1e9, "млрд": 1e9,
    "lakh": 1e5, "crore": 1e7, "万": 1e4, "亿": 1e8, "億": 1e8,
}  # fmt: skip
"""Words right behind a number that say thousands or millions."""

UNITS = frozenset(
    "m mm cm km µm nm mi mile miles yd ft feet in inch inches g mg kg t lb lbs oz s sec secs ms min mins h hr hrs d "
    "day days wk week weeks yr yrs year years Jahre Stunden Std Minuten ans heures años horas l ml cl dl L mL gal "
    "cc ha V mV A mA W kW MW Wh kWh J kJ MJ cal kcal N kN Pa hPa kPa MPa bar mbar Hz kHz MHz GHz K C F °C °F °"
    " rad mol mmol km/h m/s mph kmh kn kt dB lx lm bhp hp PS ppm ppb pH px MB GB kB TB".split()
)
"""Of which two in a column are never flags."""

DURATION_UNITS = {
    86_400: "d|days?|tage?|jours?|días?|giorni|dagar|dni|дн?",
    3_600: "h|hrs?|hours?|std|stunden?|heures?|horas?|ore|timmar|godz|ч",
    60: "m|mins?|minutes?|minuten?|minutos?|minuti|minuter|мин",
    1: "s|secs?|seconds?|sekunden?|secondes?|segundos?|secondi|sekunder|с|сек",
}
"""Seconds in each unit of a duration such as 2h 40m, and its spellings."""

YES_NO_PAIRS = (
    ("true", "false"), ("yes", "no"), ("y", "n"), ("t", "f"), ("on", "off"), ("ja", "nein"), ("j", "n"),
    ("wahr", "falsch"), ("oui", "non"), ("o", "n"), ("vrai", "faux"), ("sí", "no"), ("si", "no"), ("s", "n"),
    ("verdadero", "falso"), ("vero", "falso"), ("sì", "no"), ("sim", "não"), ("verdadeiro", "falso"), ("ja", "nee"),
    ("ja", "nej"), ("sant", "usann"), ("tak", "nie"), ("prawda", "fałsz"), ("ano", "ne"), ("igen", "nem"),
    ("da", "nu"), ("da", "ne"), ("evet", "hayır"), ("да", "нет"), ("так", "ні"), ("истина", "ложь"), ("ναι", "όχι"),
    ("是", "否"), ("はい", "いいえ"), ("예", "아니요"), ("نعم", "لا"), ("כן", "לא"), ("✓", "✗"), ("✔", "✘"),
)  # fmt: skip
"""The word that becomes 1, and the one that becomes 0."""

TOTAL_LABEL = re.compile(
    r"\W*((grand |sub|hoved)?totals?|total (geral|general|général)|sum|overall|all|average|avg\.?|means?|summen?|summa"
    r"|gesamt(summe|ergebnis)?|insgesamt|mittel(wert)?|durchschnitt|somme|ensemble|moyenne|totales|suma( końcowa)?"
    r"|promedio|media|totale( complessivo)?|totali|somma|soma|médias?|(eind)?totaal|gemiddelde|totalsumma|yhteensä"
    r"|razem|średnia|celkem|celkový součet|průměr|összesen|(общий )?итог|итого|всего|среднее|сумма|(genel )?toplam"
    r"|ortalama|合計|平均|总计|合计|總計|総計|합계|평균)\W*",
    re.IGNORECASE,
)
"""What names the last row of a table that sums up the others."""

REFERENCE_LABEL = re.compile(
    r"\W*(points? possible|possible points?|(max(imum|imal)?\.? )(possible )?(points?|scores?|marks?)|full marks|out of"
    r"|(maximal|maximale|mögliche|erreichbare) (punkte|punktzahl)|maximalpunkte|points (possibles|maximum)|barème"
    r"|puntos posibles|puntuación máxima|punti possibili|test student|student, test|teststudent|testschüler(in)?"
    r"|student test|élève test|estudiante de prueba)\W*",
    re.IGNORECASE,
)
"""What names a row that is none of those measured: what can be reached, or a test of the program."""

COMMENT_MARK = re.compile(r"\s*(#|%|//|!|--\s|\*\*)")
"""What a comment begins with."""

DATE_FORMS = (
    "%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%dT%H:%M:%S.%f", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S.%fZ", "%Y-%m-%dT%H:%M:%S%z",
    "%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%d %H:%M:%S%z", "%Y-%m-%d %H:%M:%S %z", "%Y/%m/%d", "%Y/%m/%d %H:%M",
    "%Y/%m/%d %H:%M:%S", "%Y.%m.%d", "%Y-%m", "%Y年%m月%d日",
    "%d.%m.%Y", "%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S", "%d.%m.%y", "%d.%m.%Y.",
    "%d/%m/%Y", "%m/%d/%Y", "%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M %p", "%d/%m/%y", "%m/%d/%y", "%d-%m-%Y", "%m-%d-%Y",
    "%d %b %Y", "%d %b %Y %H:%M", "%d %b %Y %H:%M:%S", "%d %B %Y", "%d-%b-%Y", "%d-%b-%y", "%b %d, %Y", "%B %d, %Y",
    "%b %Y", "%B %Y",
)  # fmt: skip
"""Dates and times as `strptime` knows them, the likelier one first; names of months are English."""

ID_WORDS = {"id", "ids", "uuid"}
"""A column with one of these in its name identifies rows."""

ID_LAST_WORDS = {"nr", "no", "number", "nummer", "code", "zip", "plz", "#"}
"""A column whose name ends with one of these identifies rows."""

ID_NAMES = {"index", "idx", "key", "row", "rank", "unnamed", "column"}
"""A column whose whole name is one of these identifies rows."""

TIME_WORDS = {
    "year", "years", "date", "day", "month", "week", "timestamp", "datetime", "jahr", "datum", "tag", "monat", "woche",
    "année", "annee", "mois", "jour", "año", "fecha", "mes", "día", "anno", "giorno", "mese", "ano", "dia", "год",
}  # fmt: skip
"""A column with one of these in its name says when something was measured."""
