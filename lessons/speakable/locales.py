"""German, French, Spanish and Italian: what goes with numbers (units, currencies, signs)."""

from __future__ import annotations

from dataclasses import dataclass, field

from lessons.wordset import word_set

NounForms = dict[str, tuple[str, str]]


@dataclass(frozen=True, slots=True, eq=False)
class Locale:
    """How one language says numbers and what goes with them.

    `units` and `currencies` hold the singular and the plural. `squared` has the patterns for the
    second and third power of a unit, `clock` the pattern for hour and minute. With
    `pairs_decimals`, two digits after the decimal mark are one number. `abbreviations` are in lower
    case, without their full stop; `pairs` are abbreviations of two words.
    """

    code: str
    point: str
    to: str
    per: str
    clock: str
    powers: str
    squared: tuple[str, str]
    fractions: tuple[str, str, str]
    pairs_decimals: bool
    units: NounForms
    currencies: NounForms
    signs: dict[str, str]
    abbreviations: dict[str, str] = field(default_factory=dict)
    pairs: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)


def _parse_nouns(text: str) -> NounForms:
    """`km:Kilometer s:Sekunde/Sekunden`"""
    made: NounForms = {}
    for entry in text.split(";"):
        symbol, _, names = entry.strip().partition(":")
        one, _, many = names.partition("/")
        made[symbol] = one, many or one
    return made


def _parse_signs(text: str) -> dict[str, str]:
    made = {}
    for entry in text.split(";"):
        sign, _, name = entry.strip().partition(" ")
        made[sign] = name
    made["−"] = made["–"] = made["-"]
    made["⋅"] = made["·"] = made["×"]
    return made


_UNITS_DE = """m:Meter; km:Kilometer; cm:Zentimeter; mm:Millimeter; µm:Mikrometer; nm:Nanometer;
kg:Kilogramm; g:Gramm; mg:Milligramm; t:Tonne/Tonnen; s:Sekunde/Sekunden;
ms:Millisekunde/Millisekunden;
min:Minute/Minuten; h:Stunde/Stunden; l:Liter; L:Liter; ml:Milliliter; mL:Milliliter; V:Volt;
W:Watt; kW:Kilowatt; kWh:Kilowattstunde/Kilowattstunden;
A:Ampere; Hz:Hertz; kHz:Kilohertz; MHz:Megahertz;
GHz:Gigahertz; N:Newton; J:Joule; kJ:Kilojoule; Pa:Pascal; hPa:Hektopascal; K:Kelvin; mol:Mol;
°C:Grad Celsius; °:Grad; %:Prozent; ‰:Promille; dB:Dezibel; GB:Gigabyte; MB:Megabyte; Ω:Ohm;
ha:Hektar; Uhr:Uhr"""
_UNITS_FR = """m:mètre/mètres; km:kilomètre/kilomètres; cm:centimètre/centimètres;
mm:millimètre/millimètres; µm:micromètre/micromètres; nm:nanomètre/nanomètres;
kg:kilogramme/kilogrammes; g:gramme/grammes; mg:milligramme/milligrammes; t:tonne/tonnes;
s:seconde/secondes; ms:milliseconde/millisecondes; min:minute/minutes; h:heure/heures;
l:litre/litres; L:litre/litres; ml:millilitre/millilitres; mL:millilitre/millilitres; V:volt/volts;
W:watt/watts; kW:kilowatt/kilowatts; kWh:kilowattheure/kilowattheures; A:ampère/ampères; Hz:hertz;
kHz:kilohertz; MHz:mégahertz; GHz:gigahertz; N:newton/newtons; J:joule/joules;
kJ:kilojoule/kilojoules; Pa:pascal/pascals; hPa:hectopascal/hectopascals; K:kelvin/kelvins;
mol:mole/moles; °C:degré Celsius/degrés Celsius; °:degré/degrés; %:pour cent; ‰:pour mille;
dB:décibel/décibels; Go:gigaoctet/gigaoctets; Mo:mégaoctet/mégaoctets; GB:gigaoctet/gigaoctets;
Ω:ohm/ohms; ha:hectare/hectares"""
_UNITS_ES = """m:metro/metros; km:kilómetro/kilómetros; cm:centímetro/centímetros;
mm:milímetro/milímetros; µm:micrómetro/micrómetros; nm:nanómetro/nanómetros;
kg:kilogramo/kilogramos; g:gramo/gramos; mg:miligramo/miligramos; t:tonelada/toneladas;
s:segundo/segundos; ms:milisegundo/milisegundos; min:minuto/minutos; h:hora/horas; l:litro/litros;
L:litro/litros; ml:mililitro/mililitros; mL:mililitro/mililitros; V:voltio/voltios; W:vatio/vatios;
kW:kilovatio/kilovatios; kWh:kilovatio hora/kilovatios hora; A:amperio/amperios; Hz:hercio/hercios;
kHz:kilohercio/kilohercios; MHz:megahercio/megahercios; GHz:gigahercio/gigahercios;
N:newton/newtons; J:julio/julios; kJ:kilojulio/kilojulios; Pa:pascal/pascales;
hPa:hectopascal/hectopascales; K:kelvin/kelvins; mol:mol/moles; °C:grado Celsius/grados Celsius;
°:grado/grados; %:por ciento; ‰:por mil; dB:decibelio/decibelios; GB:gigabyte/gigabytes;
MB:megabyte/megabytes; Ω:ohmio/ohmios; ha:hectárea/hectáreas"""
_UNITS_IT = """m:metro/metri; km:chilometro/chilometri; cm:centimetro/centimetri;
mm:millimetro/millimetri; µm:micrometro/micrometri; nm:nanometro/nanometri;
kg:chilogrammo/chilogrammi; g:grammo/grammi; mg:milligrammo/milligrammi; t:tonnellata/tonnellate;
s:secondo/secondi; ms:millisecondo/millisecondi; min:minuto/minuti; h:ora/ore; l:litro/litri;
L:litro/litri; ml:millilitro/millilitri; mL:millilitro/millilitri; V:volt; W:watt; kW:chilowatt;
kWh:chilowattora; A:ampere; Hz:hertz; kHz:chilohertz; MHz:megahertz; GHz:gigahertz; N:newton;
J:joule; kJ:chilojoule; Pa:pascal; hPa:ettopascal; K:kelvin; mol:mole/moli;
°C:grado Celsius/gradi Celsius; °:grado/gradi; %:per cento; ‰:per mille; dB:decibel; GB:gigabyte;
MB:megabyte; Ω:ohm; ha:ettaro/ettari; km/h:chilometro all'ora/chilometri all'ora;
m/s:metro al secondo/metri al secondo"""

LOCALES: dict[str, Locale] = {
    "de": Locale(
        code="de",
        point="Komma",
        to="bis",
        per="pro",
        clock="{} Uhr {}",
        powers="hoch {}",
        squared=("Quadrat{}", "Kubik{}"),
        fractions=("ein halb", "ein Viertel", "drei Viertel"),
        pairs_decimals=False,
        units=_parse_nouns(_UNITS_DE),
        currencies=_parse_nouns(
            "€:Euro; $:Dollar; £:Pfund; ¥:Yen; CHF:Franken; EUR:Euro; USD:US-Dollar"
        ),
        signs=_parse_signs(
            "& und; + plus; - minus; = gleich; ≠ ungleich; < kleiner als; > größer als; "
            "≤ kleiner oder gleich; ≥ größer oder gleich; ≈ ungefähr; ~ ungefähr; ± plus minus; "
            "× mal; * mal; ÷ geteilt durch; / Schrägstrich; → nach; § Paragraf; % Prozent; "
            "‰ Promille; ° Grad; € Euro; $ Dollar; £ Pfund; ¥ Yen; @ at; # Nummer; ∞ unendlich; "
            "√ Wurzel aus; ² hoch zwei; ³ hoch drei; π Pi; ½ ein halb; ¼ ein Viertel; "
            "¾ drei Viertel; ∈ Element von; ∩ geschnitten mit; ∪ vereinigt mit; "
            "∑ Summe; ∫ Integral; ^ hoch; | Strich; _ Unterstrich; "
            "\\ Backslash; © Copyright; … "
        ),
        abbreviations={
            "bzw": "beziehungsweise",
            "usw": "und so weiter",
            "ca": "circa",
            "nr": "Nummer",
            "dr": "Doktor",
            "prof": "Professor",
            "vgl": "vergleiche",
            "abb": "Abbildung",
            "evtl": "eventuell",
            "ggf": "gegebenenfalls",
        },
        pairs={
            ("z", "b"): ("zum", "Beispiel"),
            ("d", "h"): ("das", "heißt"),
            ("u", "a"): ("unter", "anderem"),
        },
    ),
    "fr": Locale(
        code="fr",
        point="virgule",
        to="à",
        per="par",
        clock="{} heures {}",
        powers="puissance {}",
        squared=("{} carrés", "{} cubes"),
        fractions=("un demi", "un quart", "trois quarts"),
        pairs_decimals=True,
        units=_parse_nouns(_UNITS_FR),
        currencies=_parse_nouns(
            "€:euro/euros; $:dollar/dollars; £:livre/livres; ¥:yen/yens; CHF:franc suisse/francs "
            "suisses; EUR:euro/euros; USD:dollar américain/dollars américains"
        ),
        signs=_parse_signs(
            "& et; + plus; - moins; = égale; ≠ différent de; < inférieur à; > supérieur à; "
            "≤ inférieur ou égal à; ≥ supérieur ou égal à; ≈ environ; ~ environ; ± plus ou moins; "
            "× fois; * fois; ÷ divisé par; / barre oblique; → vers; § paragraphe; % pour cent; "
            "‰ pour mille; ° degrés; € euros; $ dollars; £ livres; ¥ yens; @ arobase; # numéro; "
            "∞ infini; √ racine carrée de; ² au carré; ³ au cube; π pi; ½ un demi; ¼ un quart; "
            "¾ trois quarts; ∈ appartient à; ∩ inter; ∪ union; ∑ somme; "
            "∫ intégrale; ^ puissance; | barre; _ tiret bas; \\ barre inverse; © copyright; … "
        ),
        abbreviations={
            "mme": "madame",
            "mlle": "mademoiselle",
            "dr": "docteur",
            "n°": "numéro",
            "etc": "et cetera",
            "env": "environ",
            "c.-à-d": "c'est-à-dire",
        },
        pairs={("p", "ex"): ("par", "exemple")},
    ),
    "es": Locale(
        code="es",
        point="coma",
        to="a",
        per="por",
        clock="{} y {}",
        powers="elevado a {}",
        squared=("{} cuadrados", "{} cúbicos"),
        fractions=("un medio", "un cuarto", "tres cuartos"),
        pairs_decimals=True,
        units=_parse_nouns(_UNITS_ES),
        currencies=_parse_nouns(
            "€:euro/euros; $:dólar/dólares; £:libra/libras; ¥:yen/yenes; CHF:franco suizo/francos "
            "suizos; EUR:euro/euros; USD:dólar/dólares"
        ),
        signs=_parse_signs(
            "& y; + más; - menos; = igual a; ≠ distinto de; < menor que; > mayor que; "
            "≤ menor o igual que; ≥ mayor o igual que; ≈ aproximadamente; ~ aproximadamente; "
            "± más o menos; × por; * por; ÷ dividido por; / barra; → hacia; § sección; "
            "% por ciento; ‰ por mil; ° grados; € euros; $ dólares; £ libras; ¥ yenes; @ arroba; "
            "# número; ∞ infinito; √ raíz cuadrada de; ² al cuadrado; ³ al cubo; π pi; "
            "½ un medio; ¼ un cuarto; ¾ tres cuartos; ∈ pertenece a; ∩ intersección; ∪ unión; "
            "∑ suma; ∫ integral; ^ elevado a; | barra; _ guion bajo; "
            "\\ barra invertida; © copyright; … "
        ),
        abbreviations={
            "sr": "señor",
            "sra": "señora",
            "dr": "doctor",
            "dra": "doctora",
            "etc": "etcétera",
            "núm": "número",
            "pág": "página",
        },
        pairs={("p", "ej"): ("por", "ejemplo")},
    ),
    "it": Locale(
        code="it",
        point="virgola",
        to="a",
        per="per",
        clock="{} e {}",
        powers="alla {}",
        squared=("{} quadrati", "{} cubi"),
        fractions=("un mezzo", "un quarto", "tre quarti"),
        pairs_decimals=True,
        units=_parse_nouns(_UNITS_IT),
        currencies=_parse_nouns(
            "€:euro; $:dollaro/dollari; £:sterlina/sterline; ¥:yen; CHF:franco svizzero/franchi "
            "svizzeri; EUR:euro; USD:dollaro/dollari"
        ),
        signs=_parse_signs(
            "& e; + più; - meno; = uguale a; ≠ diverso da; < minore di; > maggiore di; "
            "≤ minore o uguale a; ≥ maggiore o uguale a; ≈ circa; ~ circa; ± più o meno; × per; "
            "* per; ÷ diviso; / barra; → verso; § paragrafo; % per cento; ‰ per mille; ° gradi; "
            "€ euro; $ dollari; £ sterline; ¥ yen; @ chiocciola; # numero; ∞ infinito; "
            "√ radice quadrata di; ² al quadrato; ³ al cubo; π pi greco; ½ un mezzo; "
            "¼ un quarto; ¾ tre quarti; ∈ appartiene a; ∩ intersezione; ∪ unione; "
            "∑ somma; ∫ integrale; ^ alla; | barra; _ trattino basso; "
            "\\ barra rovesciata; © copyright; … "
        ),
        abbreviations={
            "ecc": "eccetera",
            "sig": "signor",
            "dott": "dottor",
            "prof": "professor",
            "pag": "pagina",
        },
        pairs={("ad", "es"): ("ad", "esempio"), ("p", "es"): ("per", "esempio")},
    ),
}

GERMAN_MONTHS = word_set(
    "Januar Februar März April Mai Juni Juli August September Oktober November Dezember"
)
