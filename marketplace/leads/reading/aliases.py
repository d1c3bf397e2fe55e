"""What columns are called in the exports we meet: English, Russian, Polish, Spanish, German, French, Arabic.

Each entry is folded (see `kit.text.fold`). `=` in front: only the whole name counts. `~` in front: a weak hint, which
needs the values to agree.
"""

from marketplace.kit.text import fold, listed

_RAW: dict[str, str] = {
    "external_id": "=id|lead id|record id|external id|contact id|submission id|response id|leadgen id|entry id|uuid"
    "|transaction id|=reference|lead number|=#|=ид|номер заявки|id заявки|=numer|id leada|id del lead"
    "|id de contacto",
    "first_name": "first name|given name|fname|forename|~=name|=имя|=imie|=nombre|=prenom|vorname|الاسم الاول|~=nome",
    "last_name": "last name|surname|family name|lname|фамилия|nazwisko|apellido|apellidos|nachname|familienname"
    "|nom de famille|اسم العائلة|اللقب|sobrenome|cognome|~=nom",
    "full_name": "full name|=name|lead name|contact name|customer name|client name|your name|person name|фио"
    "|полное имя|имя и фамилия|фамилия и имя|~=имя|imie i nazwisko|nombre completo|nombre y apellidos"
    "|~=nombre|nom complet|nom et prenom|prenom et nom|=nom|vor und nachname|ansprechpartner|=الاسم"
    "|الاسم الكامل|nome completo|naam|=prospect",
    "phone": "phone|phone number|mobile|mobile phone|mobile number|cell|cell phone|telephone|tel|contact number"
    "|user phone|whatsapp|~=contact|~=number|msisdn|телефон|номер телефона|мобильный|=тел|telefon"
    "|numer telefonu|komorka|telefono|movil|celular|portable|handy|handynummer|telefonnummer|mobil"
    "|rufnummer|الهاتف|رقم الهاتف|الجوال|موبايل|هاتف|telefone",
    "email": "email|e mail|email address|mail|work email|user email|почта|электронная почта|эл почта|имейл|емейл"
    "|adres email|poczta|correo|correo electronico|courriel|adresse mail|البريد|البريد الالكتروني|بريد"
    "|~=contact",
    "social_url": "social url|social profile|profile url|profile link|=social|=profile|=facebook|=instagram|linkedin"
    "|=telegram|=vk|facebook url|instagram url|ссылка на профиль|соцсеть|=профиль|=perfil|=profil",
    "street": "street|street address|=address|address line 1|address1|mailing address|адрес|улица|ulica|=adres"
    "|direccion|calle|=adresse|rue|strasse|anschrift|العنوان",
    "city": "city|=town|город|miasto|ciudad|ville|stadt|=ort|wohnort|المدينة|cidade",
    "region": "=region|=state|=province|state province|state region|=county|область|регион|wojewodztwo|=provincia"
    "|=estado|bundesland|المنطقة",
    "postal_code": "postal code|postcode|post code|zip|zip code|zipcode|=postal|индекс|почтовый индекс|kod pocztowy"
    "|codigo postal|code postal|plz|postleitzahl|الرمز البريدي",
    "country": "country|country code|country region|страна|=kraj|=pais|=pays|=land|الدولة|البلد",
    "ip": "=ip|ip address|client ip|remote ip|user ip|ip адрес|adres ip",
    "user_agent": "user agent|useragent|~=browser|=ua",
    "page_url": "page url|landing page|landing url|form url|source url|=url|=page|~referrer|~=website|страница|strona",
    "submitted_at": "created time|created at|create date|=created|created date|creation date|submitted at"
    "|submission date"
    "|submission time|=submitted|date submitted|=timestamp|=date|=time|date created|lead date|date added"
    "|=received|received at|conversion time|lead submit time|time of interest|дата|дата создания"
    "|дата заявки|=data|data utworzenia|fecha|fecha de creacion|date de creation|datum|erstellt am"
    "|=erstellt|eingang|التاريخ",
    "fill_seconds": "fill seconds|fill time|time to complete|completion time|time to fill|~=duration|~=seconds",
    "channel": "=channel|marketing channel|~=platform|~utm medium|~=medium|канал|=kanal|=canal",
    "traffic_source": "traffic source|utm source|=source|lead source|original source|источник|zrodlo|=fuente"
    "|=quelle|المصدر",
    "campaign": "=campaign|campaign name|utm campaign|кампания|kampania|campana|campagne|kampagne|الحملة",
    "sub_id": "sub id|subid|=sub1|=s1|aff sub|adset id|ad set id|adgroup id|publisher id|=clickid",
    "incentive": "incentive|=bonus|=reward|=gift|=prize|бонус|подарок|=скидка",
    "preferred_call_time": "preferred call time|best time to call|=best time|call time|when to call"
    "|time to call|preferred time"
    "|callback time|удобное время|время звонка|когда звонить|pora kontaktu|mejor hora|horario de llamada",
    "comment": "comment|comments|notes|=note|message|remarks|=description|enquiry|inquiry|комментарий|сообщение"
    "|примечание|komentarz|uwagi|wiadomosc|comentario|comentarios|mensaje|commentaire|bemerkung"
    "|bemerkungen|nachricht|kommentar|ملاحظات|رسالة",
    "consent.text": "consent text|=consent|tcpa text|=tcpa|disclaimer|custom disclaimer|opt in text|consent language"
    "|tcpa optin|gdpr consent|marketing consent|=optin|=opt in|согласие|текст согласия|zgoda|tresc zgody"
    "|consentimiento|consentement|einwilligung|الموافقة",
    "consent.version": "consent version|disclaimer version",
    "consent.at": "consent at|consent time|consent date|consent timestamp|opt in date|opt in time|optin date"
    "|дата согласия",
    "consent.method": "consent method|opt in method|consent type",
    "consent.token": "consent token|trustedform|trustedform cert url|trusted form cert url|xx trusted form cert url"
    "|jornaya|jornaya leadid|universal leadid|leadid token|cert url",
}
_IGNORED = (
    "ad id|ad name|adset name|ad set name|campaign id|form id|form name|is organic|lead status|status"
    "|lifecycle stage|stage|owner|lead owner|contact owner|owner id|sales rep|agent|manager|assigned to"
    "|created by|modified by|last modified|updated at|last activity|company|company name"
    "|associated company|industry|job title|google click id|gclid|conversion value|conversion currency"
    "|conversion name|keyword|match type|device|inbox url|priority|rating|tags|list|ответственный"
    "|менеджер|статус|компания|opiekun|firma|empresa|estado del lead|entreprise|statut|unternehmen|الحالة"
    "|الشركة|page id|account id|account name|partner name|vehicle|retailer item id|interested"
)
# A column about one of these is never about the person.
OTHERS_PEOPLE = frozenset(
    listed(
        "owner|agent|rep|manager|assigned|assignee|seller|operator|advisor|employee|staff|recruiter|referrer"
        "|referred|spouse|emergency|ответственный|менеджер|оператор|opiekun|handlowiec|responsable|vendedor"
        "|betreuer|verkaufer"
    )
)
OTHERS_THINGS = frozenset(
    listed(
        "form|ad|adset|campaign|company|account|business|organization|school|event|file|page|product|list|user agent"
    )
)


def _parsed(text: str) -> tuple[tuple[str, float, bool], ...]:
    """(folded name, weight, only as a whole) for each alias."""
    marks = ((alias.lstrip("~="), "~" in alias[:2], "=" in alias[:2]) for alias in listed(text))
    return tuple((fold(name) or name, 0.6 if weak else 1.0, whole) for name, weak, whole in marks)


ALIASES = {target: _parsed(text) for target, text in _RAW.items()}
IGNORED = frozenset(fold(name) for name in listed(_IGNORED))
LEAD_TARGETS = tuple(_RAW)
