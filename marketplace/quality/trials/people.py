"""Which columns and texts of an export are about a person: by the heading, and by what the cells look like.

Headings and streets are known in English, German, Russian, Polish and Spanish.
"""

import re
from collections.abc import Sequence
from itertools import dropwhile, takewhile

from marketplace.kit.text import fold, listed
from marketplace.leads.reading import AMBER, guess_mapping, may_reach_somebody

#: one cell in so many that reaches somebody, and the column is about people
_TELLING = 50
_PERSONAL = frozenset({"first_name", "last_name", "full_name", "phone", "email", "social_url", "street", "ip"})
_LONGEST_NAME = 60
_PROPER_NAME = re.compile(r"[^\W\d_]+[.]?(?:['’-][^\W\d_]+)*(?: [^\W\d_]+[.]?(?:['’-][^\W\d_]+)*){1,3}")


def _words(*lists: str) -> frozenset[str]:
    return frozenset(fold(word) for words in lists for word in listed(words))


#: who a column may name, as one says it of the person: its cells decide
_PERSONS = _words(
    "client|customer|contact|person|signed|signatory|owner|agent|rep|representative|manager|seller|applicant|patient"
    "|tenant|resident|guest|member|student|by|buyer|prospect|borrower|employee|broker|spouse|user|advisor|adviser"
    "|consultant|assignee|partner|account|salesperson|executive|director|supervisor|assigned",
    "kunde|kundin|kunden|kontakt|ansprechpartner|besitzer|inhaber|vertreter|berater|betreuer|verkäufer|käufer|makler"
    "|mitarbeiter|leiter|interessent|nutzer|antragsteller|mieter|gast",
    "клиент|заказчик|покупатель|контакт|контактное|лицо|владелец|менеджер|агент|представитель|продавец"
    "|ответственный|сотрудник|заявитель|пациент|жилец|гость|ученик|студент|подписал",
    "klient|klientka|osoba|właściciel|opiekun|handlowiec|sprzedawca|przedstawiciel|doradca|wnioskodawca|pacjent"
    "|najemca|mieszkaniec|gość|uczestnik|podpisał|podpisała",
)
#: and as one says what is theirs, "status klienta"; in Spanish they are the same words
_OF_PERSONS = _words(
    "клиента|заказчика|покупателя|контакта|лица|владельца|менеджера|агента|представителя|продавца|сотрудника|пациента"
    "|студента",
    "klienta|klientki|osoby|właściciela|opiekuna|handlowca|sprzedawcy|przedstawiciela|doradcy|pacjenta|uczestnika",
    "cliente|clienta|contacto|persona|titular|dueño|propietario|representante|agente|vendedor|responsable|comprador"
    "|solicitante|paciente|inquilino|huésped|alumno|estudiante|firmante|asesor|por",
)
#: the name in a language whose noun is last, "Campaign Name"
_NAMES_LAST = _words("name|names|namen")
#: a name is a person's, unless the heading says of what thing
_NAMES = _NAMES_LAST | _words("имя|имена", "imię|imiona", "nombre|nombres")
#: names that nothing but a person has; a name before whatever else is not that thing's: "Name Region"
_OWN_NAMES = re.compile(
    r"\b(?:(?:first|last|full|given|middle|family|maiden|sur|vor|nach|familien) names?"
    r"|фио|фамилия|фамилии|nazwisko|nazwiska|apellidos?)\b|^names? (?!(?:of|for|der|des|von|de|del)\b)"
)
#: "Kundenname", "Kundenberater" are two words in one
_COMPOUND = re.compile(
    r"(?<=\w)(?=(?:names?|kunde|berater|betreuer|mitarbeiter|vertreter|inhaber|verkaufer|makler|manager|leiter)\b)"
)
#: what people have and are not, and things that they deal with, where the noun is last: "Customer Status", "Kunde Typ"
_THINGS = _words(
    "status|state|stage|type|kind|source|result|outcome|category|segment|tier|level|class|group|score|rating|priority"
    "|reason|channel|medium|method|origin|language|industry|sector|role|title|position|department|occupation|gender"
    "|interest|preference|city|region|country",
    "stufe|typ|art|quelle|ergebnis|kategorie|gruppe|grund|kanal|sprache|branche|stadt|land",
    "campaign|product|course|plan|program|programme|package|offer|service|project|company|organization|organisation"
    "|store|branch|brand|model|event|list|page|form|file|pipeline|ad|set|adset|creative|audience|location|domain|school"
    "|university|team|office",
    "kampagne|kampagnen|produkt|kurs|angebot|projekt|firma|firmen|datei",
)
#: where it is first, as it is said and as something is said of it: "Статус клиента", "Имя кампании"
_THINGS_FIRST = _words(
    "статус|стадия|этап|тип|вид|источник|результат|категория|сегмент|группа|причина|канал|язык|отрасль|должность"
    "|роль|пол|интерес|город|регион|страна",
    "кампания|кампании|продукт|продукта|товар|товара|курс|курса|тариф|тарифа|услуга|услуги|проект|проекта|компания"
    "|компании|филиал|филиала|источника|этапа|канала|страницы|формы|файла",
    "status|etap|typ|rodzaj|źródło|wynik|kategoria|segment|grupa|powód|kanał|język|branża|stanowisko|rola|płeć|miasto"
    "|kraj|region",
    "kampania|kampanii|produkt|produktu|kurs|kursu|oferta|oferty|usługa|usługi|projekt|projektu|firma|firmy|oddział"
    "|oddziału",
    "estado|etapa|tipo|fuente|origen|resultado|categoría|segmento|grupo|motivo|canal|idioma|puesto|cargo|género"
    "|ciudad|región|país",
    "campaña|producto|curso|plan|servicio|proyecto|empresa|sucursal|oferta|página|formulario|archivo",
)
#: what follows says more of the noun before it
_OF = _words("of|for|the|der|des|von|de|del|la|las|los|el|para")
_APART = re.compile(r"[/\\,;|+&()\[\]]| [-–—] ")
_DIGITS = re.compile(r"\d+")
_AND = re.compile(r"\b(?:and|or|und|oder|и|или|i|oraz|lub|y|o)\b")
_NAME = r"[^\W\d][\w.'’-]*"
_STREET = re.compile(
    # 12 Main Street; Hauptstr. 3
    rf"\b\d{{1,5}}[a-z]?,? (?:{_NAME} ){{1,4}}?"
    r"(?:street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|court|ct|terrace|highway|hwy|parkway|pkwy)\b"
    # 11 Elm Way, but not: demo 2 took place
    rf"|(?:\A|\b(?=\d{{1,5}}[a-z]?,? (?-i:[A-Z])))\d{{1,5}}[a-z]?,? (?:{_NAME} ){{1,4}}?(?:way|place|circle|cir)\b"
    r"|\b\w+(?:stra(?:ß|ss)e|str[.]|gasse|allee|platz) ?\d"
    # ul. Długa 5; ул. Ленина, д. 5; Calle Mayor 3; ул. 8 Марта, 12
    r"|(?<!\w)(?:(?:ul|al|pl|os|av|avda|pza|ул|пр|просп|пер|наб|бул|пл|ш|мкр)[.] ?|c/ ?"
    r"|(?:ul|ulica|aleja|aleje|plac|osiedle|ул|улица|пр-т|проспект|переулок|шоссе|набережная|б-р|бульвар|площадь|мкр"
    r"|микрорайон|calle|avenida|avda|paseo|plaza|camino|carrera) )"
    rf"(?:\d{{1,2}}(?:-\w{{1,2}})? )?(?:{_NAME}(?:, ?| )){{1,5}}?(?:[№#] ?)?\d"
    # мкр. 5, дом 3; 5-й микрорайон, 3
    r"|(?<!\w)(?:(?:мкр[.]?|микрорайон) ?\d{1,3}[а-я]?|\d{1,3}(?:-й)? (?:мкр[.]?|микрорайон))(?:, ?| )"
    r"(?:д[.]? ?|дом )?\d"
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
    return alike * 2 >= max(cells, 1) and _may_name_people(header)


def _may_name_people(header: str) -> bool:
    """A heading of several things does if one of them does: "Manager (Region)", "Name and Title"."""
    return any(_is_of_people(part) for apart in _APART.split(header) for part in _AND.split(fold(apart)))


def _is_of_people(heading: str) -> bool:
    words = _COMPOUND.sub(" ", _DIGITS.sub(" ", heading)).split()
    if _OWN_NAMES.search(" ".join(words)):
        return True
    people = {*words, *(word.removesuffix("s") for word in words)}
    is_of_some = people & (_NAMES | _PERSONS | _OF_PERSONS)
    return bool(is_of_some) and not _is_of_a_thing(words, is_noun_first=people.isdisjoint(_PERSONS | _NAMES_LAST))


def _is_of_a_thing(words: Sequence[str], *, is_noun_first: bool) -> bool:
    said = dropwhile(_OF.__contains__, (word for word in words if word not in _NAMES))
    noun = [*takewhile(lambda word: word not in _OF, said)]
    return bool(noun) and (noun[-1] in _THINGS or (is_noun_first and noun[0] in _THINGS_FIRST))


def is_about_people(cells: int, reaching: int) -> bool:
    """Whether a column with so many filled cells, so many of which reach somebody, is never learned from."""
    return reaching * _TELLING >= max(cells, 1)


def personal_columns(headers: Sequence[str], sample: Sequence[Sequence[str]]) -> frozenset[str]:
    """The columns that the intake of leads would take for a name or a way to reach somebody."""
    found = guess_mapping(headers, sample).columns
    return frozenset(each.header for each in found if each.target in _PERSONAL and each.confidence >= AMBER)
