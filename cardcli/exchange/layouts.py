"""What other programs call their columns: tables of names, in Russian and English.

Names are written as :func:`plain` makes them. The sources are the exports of Google Contacts (until
2023 and since), Outlook in English and Russian, Bitrix24, Altegio/YCLIENTS, Fresha, and the lists
that people keep in spreadsheets.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping

from cardcli.text import fold

_MARKS = re.compile(r"[^\w+]|_")


def plain(name: str) -> str:
    """Return the name of a column for comparing: small letters, words with single blanks."""
    return " ".join(_MARKS.sub(" ", fold(name)).split())


CLIENT: Mapping[str, str] = {
    "name": "фио|ф и о|фамилия имя отчество|фамилия имя|имя фамилия|имя и фамилия|фамилия и имя"
    "|клиент|клиентка|клиенты|имя клиента|фио клиента|клиент фио|фио полностью|имя фамилия клиента"
    "|полное имя|full name|fullname|name|client name|customer name|customer|client|clients"
    "|display name|contact name|contact|контакт|контактное лицо|гость|пациент|patient|имя контакта"
    "|имя фамилия отчество|имя отчество фамилия|покупатель|заказчик|name full|names|fio|піб|п і б",
    "given": "имя|imya|ім я|first name|given name|firstname|forename|имя 1|first|имя отчество|имя и отчество",
    "family": "фамилия|familiya|прізвище|last name|family name|lastname|surname|last",
    "patronymic": "отчество|otchestvo|по батькові|middle name|additional name|middlename|second name|patronymic",
    "whole": "file as|сохранить как|хранить как|полное имя контакта",
    "nickname": "nickname|псевдоним|прозвище|short name|e mail display name|краткое имя эл почты",
    "company": "название компании|наименование организации|юридическое лицо",
    "workplace": "компания|организация|company|company name|organization|organisation"
    "|organization name|место работы|работодатель|employer|workplace|organization 1 name|название организации",
    "job": "должность|job title|job|occupation|профессия|position|род занятий|organization title"
    "|organization 1 title|должность в организации|profession",
    "phones": "telefon|номер телефону|мобільний телефон|телефон|телефоны|номер телефона|номера телефонов|тел|мобильный|мобильный телефон"
    "|мобильный тел|сотовый|сотовый телефон|моб телефон|моб тел|моб|phone|phones|phone number"
    "|phone numbers|mobile|mobile phone|mobile number|mobile no|cell|cell phone|telephone|tel"
    "|телефон клиента|контактный телефон|телефон переносной|primary phone|основной телефон"
    "|контактные телефоны|номер мобильного телефона|телефон моб|телефон мобильный|iphone"
    "|phone mobile|contact number|телефон для рассылок|телефон сотовый|номер тел|client phone"
    "|номер мобильного тел|телефон номер|phone no|contact phone|customer phone|другой телефон|other phone",
    "phones:work": "рабочий телефон|раб телефон|business phone|work phone|company main phone"
    "|телефон рабочий|рабочий телефон 2|business phone 2|основной телефон организации"
    "|телефон раб|phone work|business phones|раб тел|служебный телефон|работа телефон|телефон раб 2",
    "phones:home": "домашний телефон|home phones|home phone|home phone 2|домашний телефон 2|телефон дом"
    "|телефон домашний|дом телефон|phone home|дом тел|телефон дом 2",
    "phones:fax": "факс|рабочий факс|business fax|home fax|домашний факс|номер факса|other fax"
    "|fax|другой факс|раб факс|fax number",
    "phones:pager": "пейджер|pager|pager number|номер пейджера",
    "phones:assistant": "телефон помощника|assistant s phone|assistants phone",
    "phones:whatsapp": "whatsapp|ватсап|вотсап|вацап|watsapp",
    "phones:viber": "viber|вайбер",
    "emails": "email|e mail|mail|почта|эл почта|электронная почта|адрес эл почты|emails|e mails"
    "|адрес электронной почты|e mail address|email address|имейл|емейл|мейл|e mail 2 address"
    "|e mail 3 address|адрес 2 эл почты|адрес 3 эл почты|эл адрес|электронный адрес|email клиента"
    "|primary email|secondary email|основной email|другой email|дополнительный email|первый адрес эл почты"
    "|второй адрес эл почты|client email|контактный email|email addresses|e mail addresses|другой e mail|e mail для рассылок",
    "emails:work": "рабочий e mail|рабочий email|work email|business email|email рабочий",
    "emails:home": "частный e mail|частный email|личный e mail|личный email|home email"
    "|personal email|email личный",
    "birthday": "birthdays|data rozhdeniya|дата народження|день народження|день рождения|дата рождения|д р|др|birthday|date of birth|dob|birth date"
    "|birthdate|рождение|день рожд|дата рожд|день рождения клиента|bday|дата рождения клиента"
    "|дата рожденья|число месяц год рождения|bdate|birth day|д рождения|д рожд",
    "sex": "пол|gender|sex|пол клиента",
    "marital": "семейное положение|marital status",
    "comment": "коментар|примітка|примітки|нотатки|комментарий|комментарии|примечание|примечания|заметки|заметка|notes|note|comment"
    "|comments|описание|client notes|доп информация|дополнительно|дополнительная информация"
    "|remark|remarks|memo|personal notes|client note|комментарий к клиенту|о клиенте|особые отметки|пометки|пометка|инфо|info",
    "tags": "категория|категории|метки|теги|тег|метка|tags|tag|labels|group membership|categories"
    "|группы|группа|сегмент|segment|category|client category|категории клиента|категория клиента|client tags|groups|group|ярлыки|ярлык",
    "source": "источник|source|referral source|откуда узнал|откуда узнали|откуда узнала|откуда"
    "|рекламный источник|канал привлечения|откуда о нас узнали|lead source|how did you hear about us"
    "|источник клиента|рекомендация от|канал|referred by|how heard|how did you find us",
    "addresses": "адрес|address|адрес проживания|адрес клиента|место жительства|адрес доставки"
    "|адреса|full address|address 1 formatted",
    "addresses:home": "домашний адрес|home address|адрес домашний",
    "addresses:work": "рабочий адрес|business address|work address|адрес рабочий",
    "social:instagram": "instagram|инстаграм|инстаграмм|insta|инста|nik instagram|ник instagram",
    "social:vk": "вконтакте|вк|vk|vkontakte|страница вк|страница вконтакте|контакт вконтакте",
    "social:telegram": "telegram|телеграм|телеграмм|tg|тг|контакт telegram",
    "social:facebook": "facebook|фейсбук|страница facebook|контакт facebook",
    "social:skype": "skype|скайп|контакт skype",
    "social:site": "сайт|website|web page|веб страница|web site|корпоративный сайт|личная страница"
    "|site|url|personal web page|personal website|web page 1|web page 2|веб страница 1|веб страница 2",
    "social:im": "imaddress|im address",
    "allergies": "аллергия|аллергии|allergies|allergy|аллергические реакции|непереносимость",
    "contraindications": "противопоказания|contraindications|противопоказание",
    "chronic": "хронические заболевания|заболевания|medical conditions|хронические болезни"
    "|medical history|анамнез",
    "preferences": "предпочтения|preferences|пожелания",
    "interests": "увлечения|хобби|hobby|hobbies|интересы|interests",
    "language": "язык|language|preferred language",
    "emergency": "экстренный контакт|emergency contact|контакт на экстренный случай",
    "created": "дата создания|создан|created|дата добавления|дата регистрации|added|date added"
    "|клиент с|creation date|date created|created date|member since|client since|created at|registration date|дата внесения|created on|дата заведения",
    "former_names": "девичья фамилия|прежняя фамилия|maiden name|former names|прежние имена",
}  # fmt: skip
"""Where a column of a list of clients goes: a key of the profile, after a colon the label of the value."""

ADDRESS_PARTS: Mapping[str, str] = {
    "street": "улица|street address 1|street|address street|street address|addr|address 1|address line 1|адрес 1",
    "extra": "дом|квартира|apartment suite|apartment|suite|extended address|street 2|street 3"
    "|street address 2|улица 2|улица 3|корпус|address line 2|адрес 2|address 2|дополнительный адрес",
    "box": "po box|почтовый ящик|п я",
    "area": "area|район|district|neighborhood",
    "city": "город|city|town|населенный пункт|locality|address city",
    "region": "область|регион|край|state|region|province|county|область край|штат",
    "code": "индекс|zip|zipcode|zip code|postal code|post code|postcode|почтовый индекс|почтовый код",
    "country": "страна|country|country region|страна или регион",
}
"""Columns that together are one address, in the order in which it is written down."""

ADDRESS_OF: Mapping[str, str] = {
    "business": "work", "work": "work", "home": "home", "other": "other",
    "раб": "work", "дом": "home", "раб адрес": "work", "рабочий адрес": "work", "дом адрес": "home", "домашний адрес": "home",
    "другой адрес": "other", "домашний": "home", "домашняя": "home", "рабочий": "work", "рабочая": "work",
}  # fmt: skip
"""The word before (English) or behind (Russian) the part of an address that says which one it is."""

VISIT: Mapping[str, str] = {
    "date": "дата|дата визита|дата посещения|date|visit date|appointment date|дата и время"
    "|дата услуги|дата записи|когда|start|начало|дата время|дата и время записи|start date"
    "|appointment|scheduled date|дата продажи|sale date|дата оплаты|payment date|date time|datetime"
    "|дата платежа|transaction date|дата и время визита|дата операции|время визита|appt date"
    "|appointment date time|scheduled|date of visit|дата начала|дата приема|booking date"
    "|дата и время начала|дата оказания услуги|день",
    "time": "время|time|start time|время записи|время начала|время визита начало|час",
    "title": "услуга|услуги|service|services|процедура|процедуры|treatment|treatments"
    "|наименование услуги|название услуги|вид услуги|service name|item|что делали|работа|вид работ"
    "|номенклатура|услуга товар|услуги товары|услуги и товары|appointment type|booked service",
    "product": "товар|товары|product|products sold|наименование товара|продукт|product name",
    "staff": "мастер|сотрудник|специалист|staff|employee|team member|provider|исполнитель"
    "|master|кто делал|stylist|staff member|имя сотрудника|имя мастера|врач|косметолог|сотрудник фио",
    "price": "цена|стоимость|price|cost|оплачено|цена услуги|стоимость услуги|цена руб|стоимость руб|оплата|payment"
    "|paid|gross sales|сколько|чек",
    "total": "сумма|итого|total|amount|к оплате|выручка|net sales|сумма услуги|итого к оплате|сумма руб|сумма платежа"
    "|сумма оплаты|итоговая сумма|total price|продано|продано руб|сумма со скидкой|сумма документа",
    "qty": "количество|кол во|qty|quantity",
    "duration": "длительность|продолжительность|duration|минут|мин|minutes|длительность мин"
    "|duration mins",
    "products": "материалы|препараты|расход|products used|косметика",
    "rating": "оценка|rating|балл",
    "feedback": "отзыв|feedback|review",
    "method": "способ оплаты|метод|payment method|тип оплаты|форма оплаты|касса|method|вид оплаты",
    "text": "комментарий|комментарии|примечание|примечания|заметки|заметка|notes|note|comment"
    "|comments|комментарий к записи|описание|детали|формула|рецепт",
    "status": "статус|status|посещение|attendance|статус записи|статус визита|appointment status",
    "of": "за что|назначение|назначение платежа|purpose|for what",
}  # fmt: skip
"""Where a column of a list of visits or payments goes."""

VISIT_NAME = (
    "клиент|имя клиента|фио клиента|client|customer|client name|customer name|имя|фио|name|контрагент"
    "|плательщик|payer"
)
"""Of these a list of visits has its client, even one called by the given name alone."""

PERHAPS_NAME = frozenset({
    "наименование", "полное наименование", "наименование контрагента", "наименование клиента", "контрагент",
    "контрагенты", "название", "название контакта", "абонент", "участник", "кто", "кого", "имена", "человек",
    "посетитель", "ученик", "подписчик", "плательщик", "title", "label", "person", "who", "subscriber",
    "member", "guest", "payer",
})  # fmt: skip
"""Columns that hold the names of clients where no other column does: lists of 1C and home-made ones."""

OWN_ID = frozenset({"id", "client id", "id клиента", "card id", "клиент id", "ид"})
OWN_NUMBER = frozenset({"number", "номер карты", "номер", "card number", "карта", "no"})

CANCELLED = re.compile(
    r"отмен|cancel|не приш|неявк|no.?show|удал|deleted|didn.?t show|не состоял|перенес",
    re.IGNORECASE,
)
"""What the status of a visit says that did not take place."""

TOTAL = re.compile(r"(?:(?:общий )?итого?|всего|total|grand total|сумма)\b", re.IGNORECASE)

BIRTH: Mapping[str, str] = {
    "birth year": "year", "год рождения": "year", "birth month": "month", "месяц рождения": "month",
    "birth day": "day", "день рождения": "day", "число рождения": "day",
}  # fmt: skip
"""Columns that together are one birthday, where there is one of the month."""

SORT = frozenset(
    {
        "тип",
        "тип клиента",
        "вид контрагента",
        "тип контрагента",
        "type",
        "client type",
        "юр физ лицо",
    }
)
COMPANIES = frozenset({
    "компания", "company", "организация", "organization", "юридическое лицо", "юр лицо", "юрлицо",
})  # fmt: skip
"""Columns that tell people from companies, and what they say of the latter."""

NO_CONTACT = re.compile(
    r"\b(?:инн|кпп|огрн|огрнип|окпо|снилс|бик|паспорт\w*|код|id|ид|uid|guid|счет|счёт|карт[аы]|договор\w*"
    r"|штрихкод|артикул|чек|полис|inn|iban|vat|tax|ssn|passport|account|order|barcode|code|card)\b"
)
"""Words in the name of a column whose numbers are no phones, however long they are."""

NUMBERED = re.compile(
    r"(?P<what>phone|e mail|address|website|relation|event|custom field|im|organization|телефон|email"
    r"|эл почта|адрес|сайт|веб сайт|связь|отношение|событие|мероприятие|специальное поле|настраиваемое поле|чат)"
    r" (?P<number>\d+) (?P<part>type|label|value|formatted|name|title|street|city|po box|region"
    r"|postal code|country|extended address|service|тип|ярлык|значение|форматированный|отформатированный"
    r"|улица|город|почтовый ящик|область|регион|почтовый индекс|индекс|страна|дополнительный адрес)"
)
"""Columns in groups, as Google writes them: ``Phone 1 - Label``, ``Phone 1 - Value``."""

NUMBERED_TO: Mapping[str, str] = {
    "phone": "phones", "телефон": "phones", "e mail": "emails", "email": "emails",
    "эл почта": "emails", "address": "addresses", "адрес": "addresses", "website": "social",
    "сайт": "social", "веб сайт": "social", "im": "social", "чат": "social",
}  # fmt: skip

PROGRAMS: tuple[tuple[str, frozenset[str]], ...] = (
    ("Google Contacts", frozenset({"given name", "family name", "group membership"})),
    ("Google Contacts (2023)", frozenset({"first name", "last name", "labels", "file as"})),
    ("Outlook", frozenset({"first name", "last name", "e mail address", "mobile phone"})),
    ("Outlook (русский)", frozenset({"имя", "фамилия", "адрес эл почты", "телефон переносной"})),
    ("Битрикс24", frozenset({"имя", "фамилия", "мобильный телефон", "рабочий e mail"})),
    ("YCLIENTS / Altegio", frozenset({"имя", "телефон", "количество визитов"})),
    ("YCLIENTS / Altegio", frozenset({"имя", "телефон", "потратил"})),
    ("YCLIENTS / Altegio", frozenset({"имя", "телефон", "последний визит"})),
    ("Fresha", frozenset({"first name", "last name", "mobile number", "date of birth"})),
    ("cardcli", frozenset({"id", "number", "name", "phones"})),
)
"""Columns that tell which program wrote a file; only named in the report, nothing depends on it."""

_TYPES = (
    "mobile cell cellular main other мобильный сотовый основной другой pref voice custom тел телефон т моб"
    " сот tel phone ph mob"
)
PLAIN_LABELS = frozenset(_TYPES.split())
"""Labels that say no more than that it is a phone or an address."""


@functools.cache
def client_columns() -> dict[str, str]:
    """Return where each column of a list of clients goes, by its plain name."""
    return _by_name(CLIENT)


@functools.cache
def visit_columns() -> dict[str, str]:
    """Return where each column of a list of visits goes, by its plain name."""
    return _by_name(VISIT)


@functools.cache
def address_columns() -> dict[str, str]:
    """Return which part of an address each column is, by its plain name."""
    return _by_name(ADDRESS_PARTS)


def _by_name(table: Mapping[str, str]) -> dict[str, str]:
    return {plain(name): target for target, names in table.items() for name in names.split("|")}
