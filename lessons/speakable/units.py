"""Units, currencies and magnitudes."""

from __future__ import annotations

import functools
import re

from lessons.speakable import numbers
from lessons.speakable.symbols import TO_PLAIN_EXPONENT

_PREFIXES = {"k": "kilo", "M": "mega", "G": "giga", "T": "tera", "P": "peta", "m": "milli"}
_PREFIXES |= {"c": "centi", "d": "deci", "h": "hecto", "f": "femto"}
_PREFIXES |= {"µ": "micro", "μ": "micro", "n": "nano", "p": "pico"}

_SIMPLE: dict[str, tuple[str, str]] = {
    "m": ("meter", "meters"),
    "cm": ("centimeter", "centimeters"),
    "dm": ("decimeter", "decimeters"),
    "g": ("gram", "grams"),
    "t": ("ton", "tons"),
    "s": ("second", "seconds"),
    "sec": ("second", "seconds"),
    "min": ("minute", "minutes"),
    "h": ("hour", "hours"),
    "hr": ("hour", "hours"),
    "hrs": ("hour", "hours"),
    "A": ("ampere", "amperes"),
    "mol": ("mole", "moles"),
    "cd": ("candela", "candelas"),
    "L": ("liter", "liters"),
    "l": ("liter", "liters"),
    "dl": ("deciliter", "deciliters"),
    "cl": ("centiliter", "centiliters"),
    "ha": ("hectare", "hectares"),
    "in": ("inch", "inches"),
    "ft": ("foot", "feet"),
    "yd": ("yard", "yards"),
    "mi": ("mile", "miles"),
    "oz": ("ounce", "ounces"),
    "lb": ("pound", "pounds"),
    "lbs": ("pound", "pounds"),
    "gal": ("gallon", "gallons"),
    "mph": ("mile per hour", "miles per hour"),
    "kph": ("kilometer per hour", "kilometers per hour"),
    "fps": ("frame per second", "frames per second"),
    "rpm": ("revolution per minute", "revolutions per minute"),
    "bpm": ("beat per minute", "beats per minute"),
    "dpi": ("dot per inch", "dots per inch"),
    "px": ("pixel", "pixels"),
    "pt": ("point", "points"),
    "pp": ("percentage point", "percentage points"),
    "bp": ("base pair", "base pairs"),
    "mmHg": ("millimeter of mercury", "millimeters of mercury"),
    "atm": ("atmosphere", "atmospheres"),
    "psi": ("pound per square inch", "pounds per square inch"),
    "hp": ("horsepower", "horsepower"),
    "dBm": ("decibel milliwatt", "decibel milliwatts"),
    "rad": ("radian", "radians"),
    "sr": ("steradian", "steradians"),
    "IU": ("international unit", "international units"),
    "yr": ("year", "years"),
    "yrs": ("year", "years"),
    "wk": ("week", "weeks"),
    "d": ("day", "days"),
    "kn": ("knot", "knots"),
    "nmi": ("nautical mile", "nautical miles"),
    "kohm": ("kilohm", "kilohms"),
    "k\u03a9": ("kilohm", "kilohms"),
    "M\u03a9": ("megohm", "megohms"),
    "rem": ("rem", "rem"),
    "em": ("em", "ems"),
    "kgf": ("kilogram force", "kilograms force"),
    "cc": ("cubic centimeter", "cubic centimeters"),
    "dB": ("decibel", "decibels"),
    "hPa": ("hectopascal", "hectopascals"),
    "kWh": ("kilowatt hour", "kilowatt hours"),
    "MWh": ("megawatt hour", "megawatt hours"),
    "mAh": ("milliampere hour", "milliampere hours"),
    "kcal": ("kilocalorie", "kilocalories"),
    "cal": ("calorie", "calories"),
    "ppm": ("part per million", "parts per million"),
    "ppb": ("part per billion", "parts per billion"),
    "bps": ("bit per second", "bits per second"),
    "kbps": ("kilobit per second", "kilobits per second"),
    "Mbps": ("megabit per second", "megabits per second"),
    "Gbps": ("gigabit per second", "gigabits per second"),
    "fl": ("fluid", "fluid"),
    "au": ("astronomical unit", "astronomical units"),
    "AU": ("astronomical unit", "astronomical units"),
    "ly": ("light-year", "light-years"),
    "°": ("degree", "degrees"),
    "°C": ("degree Celsius", "degrees Celsius"),
    "°F": ("degree Fahrenheit", "degrees Fahrenheit"),
    "K": ("kelvin", "kelvins"),
    "%": ("percent", "percent"),
    "‰": ("per mille", "per mille"),
    "Å": ("angstrom", "angstroms"),
    "kB": ("kilobyte", "kilobytes"),
    "KB": ("kilobyte", "kilobytes"),
    "KiB": ("kibibyte", "kibibytes"),
    "MiB": ("mebibyte", "mebibytes"),
    "GiB": ("gibibyte", "gibibytes"),
    "TiB": ("tebibyte", "tebibytes"),
    "FLOPS": ("flop", "flops"),
}

# Units that take the prefixes of the SI.
_PREFIXED: dict[str, tuple[str, str]] = {
    "m": ("meter", "meters"),
    "g": ("gram", "grams"),
    "s": ("second", "seconds"),
    "L": ("liter", "liters"),
    "l": ("liter", "liters"),
    "Hz": ("hertz", "hertz"),
    "N": ("newton", "newtons"),
    "Pa": ("pascal", "pascals"),
    "J": ("joule", "joules"),
    "W": ("watt", "watts"),
    "V": ("volt", "volts"),
    "A": ("ampere", "amperes"),
    "F": ("farad", "farads"),
    "C": ("coulomb", "coulombs"),
    "\u03a9": ("ohm", "ohms"),
    "\u2126": ("ohm", "ohms"),
    "T": ("tesla", "teslas"),
    "H": ("henry", "henries"),
    "Bq": ("becquerel", "becquerels"),
    "Sv": ("sievert", "sieverts"),
    "lm": ("lumen", "lumens"),
    "lx": ("lux", "lux"),
    "mol": ("mole", "moles"),
    "eV": ("electronvolt", "electronvolts"),
    "B": ("byte", "bytes"),
    "bit": ("bit", "bits"),
    "b": ("bit", "bits"),
    "pc": ("parsec", "parsecs"),
    "K": ("kelvin", "kelvins"),
    "M": ("molar", "molar"),
    "bar": ("bar", "bars"),
    "Torr": ("torr", "torr"),
    "Wb": ("weber", "webers"),
    "Gy": ("gray", "grays"),
    "Wh": ("watt hour", "watt hours"),
    "Ah": ("ampere hour", "ampere hours"),
    "VA": ("volt ampere", "volt amperes"),
    "cal": ("calorie", "calories"),
    "Da": ("dalton", "daltons"),
    "t": ("ton", "tons"),
    "S": ("siemens", "siemens"),
    "ly": ("light-year", "light-years"),
    "yr": ("year", "years"),
    "kat": ("katal", "katals"),
}
_CENTI = frozenset({"m", "L", "l", "g"})
"""The units that are used with centi, deci and hecto."""

_POWERS = {"2": "squared", "3": "cubed", "²": "squared", "³": "cubed"}
_POWERS_BEFORE = {"squared": "square", "cubed": "cubic"}
_LENGTHS = frozenset({"m", "km", "cm", "mm", "dm", "ft", "in", "mi", "yd", "µm", "μm", "nm", "px"})

_FACTOR = re.compile(r"([^\W\d_⁻¹²³⁴]+|°[CF]?|[%‰′″Ω])(?:\^?([-−]?\d)|([⁻]?[²³¹⁴]))?")
_INVERSE = re.compile("[⁻−-]")

MAGNITUDES = frozenset(
    {"hundred", "thousand", "million", "billion", "trillion", "quadrillion", "crore", "lakh"}
)
_SHORT_MAGNITUDES = {
    "k": "thousand",
    "K": "thousand",
    "m": "million",
    "M": "million",
    "mn": "million",
    "b": "billion",
    "bn": "billion",
    "B": "billion",
    "T": "trillion",
    "tn": "trillion",
}

_CURRENCIES: dict[str, tuple[str, str, str, str]] = {
    "$": ("dollar", "dollars", "cent", "cents"),
    "€": ("euro", "euros", "cent", "cents"),
    "£": ("pound", "pounds", "penny", "pence"),
    "¥": ("yen", "yen", "", ""),
    "₹": ("rupee", "rupees", "paisa", "paise"),
    "₩": ("won", "won", "", ""),
    "₽": ("ruble", "rubles", "kopeck", "kopecks"),
    "₿": ("bitcoin", "bitcoins", "", ""),
    "₺": ("lira", "lira", "kurus", "kurus"),
    "₪": ("shekel", "shekels", "agora", "agorot"),
    "₫": ("dong", "dong", "", ""),
    "₱": ("peso", "pesos", "centavo", "centavos"),
    "₦": ("naira", "naira", "kobo", "kobo"),
    "₴": ("hryvnia", "hryvnias", "kopeck", "kopecks"),
    "CHF": ("Swiss franc", "Swiss francs", "centime", "centimes"),
    "EUR": ("euro", "euros", "cent", "cents"),
    "GBP": ("pound", "pounds", "penny", "pence"),
    "JPY": ("yen", "yen", "", ""),
    "CNY": ("yuan", "yuan", "", ""),
    "RMB": ("yuan", "yuan", "", ""),
    "INR": ("rupee", "rupees", "paisa", "paise"),
    "KRW": ("won", "won", "", ""),
    "RUB": ("ruble", "rubles", "kopeck", "kopecks"),
    "SEK": ("Swedish krona", "Swedish kronor", "", ""),
    "NOK": ("Norwegian krone", "Norwegian kroner", "", ""),
    "DKK": ("Danish krone", "Danish kroner", "", ""),
    "PLN": ("zloty", "zlotys", "", ""),
    "BRL": ("real", "reais", "centavo", "centavos"),
    "ZAR": ("rand", "rand", "cent", "cents"),
    "MXN": ("Mexican peso", "Mexican pesos", "centavo", "centavos"),
    "TRY": ("lira", "lira", "", ""),
}
_DOLLARS = {
    "US": "U S",
    "A": "Australian",
    "AU": "Australian",
    "C": "Canadian",
    "CA": "Canadian",
    "HK": "Hong Kong",
    "NZ": "New Zealand",
    "S": "Singapore",
    "NT": "New Taiwan",
}
for _land, _adjective in _DOLLARS.items():
    _CURRENCIES[f"{_land}$"] = (f"{_adjective} dollar", f"{_adjective} dollars", "cent", "cents")
for _code, _land in {
    "USD": "US",
    "AUD": "A",
    "CAD": "C",
    "HKD": "HK",
    "NZD": "NZ",
    "SGD": "S",
}.items():
    _CURRENCIES[_code] = _CURRENCIES[f"{_land}$"]
SIGNS = "$€£¥₹₩₽₿₺₪₫₱₦₴"
_MONEY = re.compile(
    rf"(?P<minus>[-−–])?(?P<sign>(?:{'|'.join(_DOLLARS)})\$|[{re.escape(SIGNS)}])(?P<minus2>[-−])?"
    rf"(?P<number>\d+,\d\d(?!\d)|{numbers.NUMBER.pattern})(?P<magnitude>k|K|M|m|mn|bn|b|B|T|tn)?"
)
_MONEY_AFTER = re.compile(
    rf"(?P<number>\d+,\d\d(?!\d)|{numbers.NUMBER.pattern})(?P<sign>[{re.escape(SIGNS)}]|¢)"
)


def say_unit(text: str, *, one: bool = False) -> str | None:
    """`km/h`, `m/s²`, `kg·m^2`, `°C` in words, in the singular with `one`. None if a part is not a
    unit."""
    above, *below = text.split("/")
    if len(below) > 1 or (below and not below[0]):
        return None
    parts: list[str] = []
    if above:
        product = _say_product(above, one=one)
        if product is None:
            return None
        parts.append(product)
    if below:
        divisor = _say_product(below[0].strip("()"), one=True)
        if divisor is None:
            return None
        parts.append("per " + divisor)
    return " ".join(parts)


@functools.lru_cache(maxsize=4096)
def _say_product(text: str, *, one: bool) -> str | None:
    factors = re.split(r"[·⋅*\u202f\u00a0]", text)
    said: list[str] = []
    above = [at for at, factor in enumerate(factors) if not _INVERSE.search(factor)]
    for position, factor in enumerate(factors):
        match = _FACTOR.fullmatch(factor)
        if match is None:
            return None
        power = (match[2] or match[3] or "").translate(TO_PLAIN_EXPONENT)
        last = bool(above) and position == above[-1]
        inverse = power.startswith("-")
        names = _find_names(match[1])
        if names is None:
            return None
        name = names[0] if one or not last or inverse else names[1]
        words = name
        exponent = power.lstrip("-")
        if exponent not in ("", "1"):
            how = _POWERS.get(exponent)
            if how is None:
                words = f"{name} to the {numbers.say_ordinal(int(exponent))}"
            elif match[1] in _LENGTHS and not inverse and not any(said):
                words = f"{_POWERS_BEFORE[how]} {name}"
            else:
                words = f"{name} {how}"
        if inverse:
            words = "per " + words
        said.append(words)
    return " ".join(said)


def _find_names(symbol: str) -> tuple[str, str] | None:
    if symbol in _SIMPLE:
        return _SIMPLE[symbol]
    if symbol in _PREFIXED:
        return _PREFIXED[symbol]
    prefix, base = symbol[:1], symbol[1:]
    if prefix in _PREFIXES and base in _PREFIXED:
        if prefix in "cdh" and base not in _CENTI and symbol not in ("hPa", "dB"):
            return None
        one, many = _PREFIXED[base]
        return _PREFIXES[prefix] + one, _PREFIXES[prefix] + many
    return None


def is_one(number: str) -> bool:
    return number.lstrip("+-−") in ("1", "1.0")


def say_money(text: str, magnitude: str = "", *, one: bool = False) -> str | None:
    """`$5.20`, `€1.5bn`, `20¢`; None if the text is not an amount of money. `magnitude` is the word
    after it ("million"), which is said before the currency. With `one` the currency is in the
    singular, as before a noun."""
    match = _MONEY.fullmatch(text)
    if match is None:
        after = _MONEY_AFTER.fullmatch(text)
        if after is None:
            return None
        if after["sign"] == "¢":
            amount = numbers.say_number(after["number"])
            return f"{amount} {'cent' if is_one(after['number']) else 'cents'}"
        sign, number, short, minus = after["sign"], after["number"], "", False
    else:
        sign, number = match["sign"], match["number"]
        short, minus = match["magnitude"] or "", bool(match["minus"] or match["minus2"])
    singular, many, cent, cents = _CURRENCIES[sign]
    many = singular if one else many
    if re.fullmatch(r"\d+,\d\d", number):
        number = number.replace(",", ".")
    big = _SHORT_MAGNITUDES.get(short, "") or magnitude
    head = "minus " if minus else ""
    whole, _, rest = number.replace(",", "").partition(".")
    if big:
        return f"{head}{numbers.say_number(number)} {big} {many}"
    if len(rest) != 2 or not cent:
        return f"{head}{numbers.say_number(number)} {singular if is_one(number) else many}"
    said: list[str] = []
    if int(whole or 0) or not int(rest):
        said.append(f"{numbers.say_number(whole or '0')} {singular if whole == '1' else many}")
    if int(rest):
        said.append(f"{numbers.say_cardinal(int(rest))} {cent if int(rest) == 1 else cents}")
    return head + " and ".join(said)


def find_currency_by_code(code: str) -> tuple[str, str] | None:
    """The singular and plural of a currency, by its code."""
    found = _CURRENCIES.get(code) if code.isalpha() else None
    return found[:2] if found else None


def find_currency_by_sign(sign: str) -> tuple[str, str] | None:
    """The singular and plural of a currency, by its sign."""
    found = _CURRENCIES.get(sign) if sign and sign[-1] in SIGNS else None
    return found[:2] if found else None
