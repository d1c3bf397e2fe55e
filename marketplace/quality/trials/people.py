"""Which columns and texts of an export are about a person: by the heading, and by what the cells look like.

Headings and streets are known in English, German, Russian, Polish and Spanish.
"""

import re
from collections.abc import Sequence

from marketplace.kit.text import fold, listed
from marketplace.leads.reading import AMBER, guess_mapping, may_reach_somebody

#: one cell in so many that reaches somebody, and the column is about people
_TELLING = 50
_PERSONAL = frozenset({"first_name", "last_name", "full_name", "phone", "email", "social_url", "street", "ip"})
_LONGEST_NAME = 60
_PROPER_NAME = re.compile(r"[^\W\d_]+[.]?(?:['’-][^\W\d_]+)*(?: [^\W\d_]+[.]?(?:['’-][^\W\d_]+)*){1,3}")


def _words(*lists: str) -> frozenset[str]:
    return frozenset(fold(word) for words in lists for word in listed(words))


#: words in the heading of a column that may name people; its cells decide
_OF_PEOPLE = _words(
    "client|customer|contact|person|signed|signatory|owner|agent|rep|representative|manager|seller|applicant|patient"
    "|tenant|resident|guest|member|student|by",
    "kunde|kundin|kontakt|ansprechpartner|besitzer|inhaber|vertreter|berater|verkäufer|antragsteller|mieter|gast",
    "клиент|клиента|заказчик|заказчика|покупатель|покупателя|контакт|контактное|лицо|владелец|менеджер|агент"
    "|представитель|продавец|ответственный|сотрудник|заявитель|пациент|жилец|гость|ученик|студент|подписал",
    "klient|klienta|klientka|osoba|osoby|właściciel|opiekun|handlowiec|sprzedawca|przedstawiciel|doradca"
    "|wnioskodawca|pacjent|najemca|mieszkaniec|gość|uczestnik|podpisał|podpisała",
    "cliente|clienta|contacto|persona|titular|dueño|propietario|representante|agente|vendedor|responsable|comprador"
    "|solicitante|paciente|inquilino|huésped|alumno|estudiante|firmante|asesor|por",
)
#: "name" says whose only together with one of those; alone it is a person's
_NAMES = _words("name|vorname|nachname", "имя|фамилия|фио", "imię|nazwisko", "nombre|apellido|apellidos")
#: what people have, and are not: the status of a customer is no person
_ABOUT_THEM = _words(
    "status|state|stage|type|kind|source|result|outcome|category|segment|tier|level|class|group|score|rating|priority"
    "|reason|channel|medium|method|origin|language|industry|sector|role|title|position|department|occupation|gender"
    "|interest|preference|city|region|country",
    "stufe|typ|art|quelle|ergebnis|kategorie|gruppe|grund|kanal|sprache|branche|stadt|land",
    "статус|стадия|этап|тип|вид|источник|результат|категория|сегмент|группа|причина|канал|язык|отрасль|должность"
    "|роль|пол|интерес|город|регион|страна",
    "etap|rodzaj|źródło|wynik|kategoria|grupa|powód|kanał|język|branża|stanowisko|rola|płeć|miasto|kraj",
    "estado|etapa|tipo|fuente|origen|resultado|categoría|segmento|grupo|motivo|canal|idioma|puesto|cargo|género"
    "|ciudad|región|país",
)
#: things that people deal with: a heading speaks of them where they are its noun, in English the last word
_THINGS = _words(
    "campaign|product|course|plan|program|programme|package|offer|service|project|account|company|organization"
    "|organisation|store|branch|brand|model|event|list|kampagne|produkt|kurs|angebot|projekt|konto|firma"
)
#: elsewhere the first one
_THINGS_FIRST = _words(
    "кампания|продукт|товар|курс|тариф|услуга|проект|компания|филиал",
    "kampania|produkt|kurs|oferta|usługa|projekt|firma|oddział",
    "campaña|producto|curso|servicio|proyecto|empresa|sucursal|oferta",
)
_NAME = r"[^\W\d][\w.'’-]*"
_STREET = re.compile(
    # 12 Main Street; Hauptstr. 3
    rf"\b\d{{1,5}}[a-z]?,? (?:{_NAME} ){{1,4}}?"
    r"(?:street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|court|ct|terrace|highway|hwy|parkway|pkwy)\b"
    r"|\b\w+(?:stra(?:ß|ss)e|str[.]|gasse|allee|platz) ?\d"
    # ul. Długa 5; ул. Ленина, д. 5; Calle Mayor 3
    r"|(?<!\w)(?:(?:ul|al|pl|os|av|avda|pza|ул|пр|просп|пер|наб|бул|пл|ш)[.] ?|c/ ?"
    r"|(?:ul|ulica|aleja|aleje|plac|osiedle|ул|улица|пр-т|проспект|переулок|шоссе|набережная|б-р|бульвар|площадь"
    r"|calle|avenida|avda|paseo|plaza|camino|carrera) )"
    rf"(?:{_NAME}(?:, ?| )){{1,5}}?(?:[№#] ?)?\d"
    # Ленинский проспект, 32; Calle 72 # 10-34
    r"|(?<!\w)[^\W\d]\w+ (?:ул[.]?|улица|пр-т|проспект|переулок|шоссе|бульвар|набережная),? ?(?:д[.]? ?|дом )?\d"
    r"|\b(?:calle|carrera|cra[.]?|cl[.]?) \d{1,3}[a-z]? ?(?:#|n[oº°][.]?) ?\d",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d")
#: a street stands in a short text or at its beginning
_BEGINNING = 500


def is_shown(text: str) -> bool:
    """Whether a text from a cell may be told: none that could reach somebody, by mail, phone or on foot."""
    beginning = text[:_BEGINNING]
    is_street = _NUMBER.search(beginning) and _STREET.search(beginning)
    return not is_street and not may_reach_somebody(text)


def is_like_a_name(text: str) -> bool:
    """Two to four words that each begin with a capital, as persons are written; many a thing is, too."""
    words = text.split(" ")
    is_short = len(text) <= _LONGEST_NAME and all(word[:1].isupper() for word in words)
    return is_short and _PROPER_NAME.fullmatch(text) is not None


def names_people(header: str, cells: int, alike: int) -> bool:
    """Whether a column does that may name people by its heading: half of its filled cells and more are like a name."""
    return _may_name_people(fold(header).split()) and alike * 2 >= max(cells, 1)


def _may_name_people(words: Sequence[str]) -> bool:
    if not words or not _ABOUT_THEM.isdisjoint(words) or words[-1] in _THINGS or words[0] in _THINGS_FIRST:
        return False
    return not _OF_PEOPLE.isdisjoint(words) or _NAMES.issuperset(words)


def is_about_people(cells: int, reaching: int) -> bool:
    """Whether a column with so many filled cells, so many of which reach somebody, is never learned from."""
    return reaching * _TELLING >= max(cells, 1)


def personal_columns(headers: Sequence[str], sample: Sequence[Sequence[str]]) -> frozenset[str]:
    """The columns that the intake of leads would take for a name or a way to reach somebody."""
    found = guess_mapping(headers, sample).columns
    return frozenset(each.header for each in found if each.target in _PERSONAL and each.confidence >= AMBER)
