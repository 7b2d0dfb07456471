"""vCards as phones and mail programs write them: what comes in whole, what comes in damaged, what goes out."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardcli import card as cards
from cardcli.exchange.incoming import Incoming, Options, Skipped, Told
from cardcli.exchange.outgoing import Attachment, Outgoing, Settings
from cardcli.exchange.reading import Client, read
from cardcli.exchange.vcard import CODEC
from cardcli.exchange.vcard_writing import VERSIONS, contacts
from cardcli.fields import Rules
from cardcli.kinds import Kinds

SHAPES = Path(__file__).parent / "data" / "contacts"
OPTIONS = Options(Kinds(), dt.date(2026, 6, 15))
SETTINGS = Settings(Rules(OPTIONS.today), OPTIONS.kinds)


def told(data: bytes | str) -> list[Told]:
    return list(CODEC.read(data.encode() if isinstance(data, str) else data, "a.vcf", OPTIONS))


def clients(data: bytes | str) -> list[Client]:
    """Return the clients that come of a file."""
    found = [read(each, OPTIONS) for each in told(data) if isinstance(each, Incoming)]
    return [each for each in found if isinstance(each, Client)]


def one(*lines: str, version: str = "3.0") -> dict[str, Any]:
    """Return what comes of a card with these lines."""
    text = "\r\n".join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""])
    (client,) = clients(text)
    return dict(client.values)


def test_a_contact_of_android_comes_in_whole() -> None:
    zina, bank = clients((SHAPES / "android.vcf").read_bytes())
    assert zina.values == {
        "name": "Орлова Зинаида Аркадьевна",
        "phones": [
            "+79000000301",
            {"work": "+79000000302"},
            {"Вахта": "+79000000303"},
            {"Дача": "+79000000304"},
        ],
        "emails": [{"home": "orlova@example.com"}],
        "addresses": [{"home": "170000, Россия, Тверь, ул. Речная, д. 4, кв. 7"}],
        "comment": "Просит звонить после 18.\nЛюбит мятный чай; без сахара",
        "birthday": "1984-03-09",
    }
    assert zina.told.photo.startswith(b"\xff\xd8")
    assert list(zina.told.unknown) == ["NICKNAME"]
    assert bank.name == "Mobile bank"
    assert bank.told.place == "a.vcf:41"


def test_a_contact_of_ios_comes_in_whole() -> None:
    (vera,) = clients((SHAPES / "ios.vcf").read_bytes())
    assert vera.values == {
        "name": "Ким Вера Олеговна",
        "emails": [{"Личная": "kim@example.com"}],
        "phones": ["+79000000311", {"home": "+79000000312"}, "+79000000313"],
        "addresses": [{"home": "420000, Россия, Татарстан, Казань, пр. Ленина, д. 10 кв. 3"}],
        "birthday": "--04-12",
        "workplace": "Школа «Лотос»; корпус 2, Начальные классы",
        "job": "учитель",
        "social": [
            "https://example.com/kim",
            {"telegram": "https://t.me/verakim"},
            {"skype": "vera.kim"},
        ],
        "comment": "Аллергии нет.\nПришла по совету подруги, Светланы из дома напротив; просит "
        "вечернее время и всегда берёт с собой дочь",
        "tags": ["Салон", "маникюр"],
    }
    assert vera.told.unknown == {"X-ABRELATEDNAMES (Child)": ["Аня"]}
    assert vera.told.photo


def test_a_contact_of_outlook_on_russian_windows_comes_in_whole() -> None:
    (pavel,) = clients((SHAPES / "outlook-ru.vcf").read_bytes())
    assert pavel.values == {
        "name": "Гусев Павел Ильич",
        "workplace": "ООО «Вереск», отдел закупок",
        "job": "закупщик",
        "phones": [{"work": "+79000000321"}, "+79000000322", {"work fax": "+79000000323"}],
        "addresses": [{"work": "390000, Россия, Рязань, Садовая, 12"}],
        "emails": ["gusev@example.com"],
        "comment": "Счёт на фирму",
        "birthday": "1979-02-28",
    }
    assert not pavel.told.unknown
    assert not pavel.remarks


def test_contacts_of_google_come_in_whole() -> None:
    lada, number, firm = clients((SHAPES / "google.vcf").read_bytes())
    assert lada.values == {
        "name": "Белова Лада",
        "emails": [{"home": "lada@example.com"}],
        "phones": ["+79000000331", {"дача": "+79000000332"}],
        "addresses": [{"home": "Россия, Омск, ул. Лесная 3"}],
        "social": [{"PROFILE": "https://example.com/lada"}],
        "birthday": "--07-04",
        "comment": "пишет в чат",
        "tags": ["Салон"],
    }
    assert lada.told.unknown == {
        "CATEGORIES": ["myContacts"],
        "X-ABDATE (Anniversary)": ["20200101"],
        "PHOTO": ["https://example.com/photo.jpg"],
    }
    assert (number.named, number.plain("phones")) == (False, ["+79000000333"])
    assert firm.values["company"] == "ИП Рощина"
    assert "name" not in firm.values


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1251", "koi8-r"]
)
def test_every_encoding_of_a_russian_file_is_understood(encoding: str) -> None:
    text = (
        "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Полякова;Екатерина;Дмитриевна;;\r\nFN:Полякова Екатерина\r\n"
        "NOTE:Приходит по средам\\, просит чай\r\nTEL:+79000000341\r\nEND:VCARD\r\n"
    )
    (client,) = clients(text.encode(encoding))
    assert client.name == "Полякова Екатерина Дмитриевна"
    assert client.values["comment"] == "Приходит по средам, просит чай"


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("BDAY:19900412", "1990-04-12"),
        ("BDAY:1990-04-12", "1990-04-12"),
        ("BDAY:1990-04-12T00:00:00Z", "1990-04-12"),
        ("BDAY;VALUE=date:1990-04-12", "1990-04-12"),
        ("BDAY:--0412", "--04-12"),
        ("BDAY:--04-12", "--04-12"),
        ("BDAY;X-APPLE-OMIT-YEAR=1604:1604-04-12", "--04-12"),
        ("BDAY;VALUE=text:circa 1800", None),
        ("BDAY:1990-02-31", None),
    ],
)
def test_a_birthday_is_read_in_every_form(written: str, stored: str | None) -> None:
    found = one("FN:Анна", written)
    assert found.get("birthday") == stored
    if stored is None:
        (client,) = clients(f"BEGIN:VCARD\nFN:Анна\n{written}\nEND:VCARD\n")
        assert client.unread["birthday"] == written.partition(":")[2]
        assert client.remarks


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (["N:Ким;Вера;;;", "FN:Вера Ким"], "Ким Вера"),
        (["N:;Ким Вера Олеговна;;;", "FN:Ким Вера Олеговна"], "Ким Вера Олеговна"),
        (["FN:Вера"], "Вера"),
        (["N:Ким"], "Ким"),
        (["N:Ким;Вера\\, Анна;;;"], "Ким Вера, Анна"),
        (["N:Ким;Вера,Анна;;;"], "Ким Вера Анна"),
        (["n:Ким;Вера", "tel:1"], "Ким Вера"),
        (["item7.N:Ким;Вера"], "Ким Вера"),
        (["N ; LANGUAGE=ru : Ким;Вера"], "Ким Вера"),
    ],
)
def test_a_name_is_taken_from_its_parts_or_whole(lines: list[str], name: str) -> None:
    (client,) = clients("\n".join(["BEGIN:VCARD", *lines, "END:VCARD"]))
    assert client.name == name


def test_an_organisation_is_the_client_or_the_place_of_work() -> None:
    assert one("ORG:Вереск") == {"company": "Вереск"}
    assert one("FN:Вереск", "ORG:Вереск") == {"company": "Вереск"}
    assert one("FN:Вера", "ORG:Вереск") == {"name": "Вера", "workplace": "Вереск"}
    both = one("N:Ким;Вера", "ORG:Вереск", "X-ABShowAs:COMPANY")
    assert both == {"name": "Ким Вера", "company": "Вереск"}


def test_a_soft_break_within_a_letter_and_within_its_code_is_joined() -> None:
    text = "BEGIN:VCARD\nVERSION:2.1\nFN;ENCODING=QUOTED-PRINTABLE:=D0=\n=98=D=\n0=B2=D0=B0\nEND:VCARD\n"
    assert clients(text)[0].name == "Ива"


def test_a_line_folded_within_a_letter_is_joined_before_it_is_read() -> None:
    letter = "И".encode()
    data = b"BEGIN:VCARD\r\nFN:" + letter[:1] + b"\r\n " + letter[1:] + b"\r\nEND:VCARD\r\n"
    assert clients(data)[0].name == "И"


def test_a_contact_of_version_4_comes_in_whole() -> None:
    found = one(
        "N:Forrest;Bob,Robert;;Mr.;",
        "FN:Bob Forrest",
        'TEL;VALUE=uri;TYPE="voice,home":tel:+7-900-000-07-01',
        "TEL;TYPE=cell;PREF=1;VALUE=uri:tel:+79000000702",
        "item1.TEL;waid=79000000703:+7 900 000-07-03",
        "item1.X-ABLabel:WhatsApp",
        'ADR;GEO="geo:12.3457,78.910";LABEL="Mr. Bob\\nDrop":;;123 Main',
        "  Street;Any Town;CA;91921-1234;U.S.A.",
        "EMAIL:bob@example.com, rob@example.com",
        "BDAY:19960415",
        "GENDER:M;Fellow",
        "LANG;PREF=1:ru",
        "IMPP:xmpp:bob@example.com",
        version="4.0",
    )
    assert found == {
        "name": {"family": "Forrest", "given": "Bob Robert"},
        "phones": ["+79000000702", {"home": "+79000000701"}, {"WhatsApp": "+79000000703"}],
        "language": "ru",
        "addresses": ["91921-1234, U.S.A., CA, Any Town, 123 Main Street"],
        "emails": ["bob@example.com", "rob@example.com"],
        "birthday": "1996-04-15",
        "sex": "male",
        "social": [{"xmpp": "bob@example.com"}],
    }


def test_two_files_put_together_without_a_line_break_are_two_people() -> None:
    text = "BEGIN:VCARD\nFN:Первая\nEND:VCARDBEGIN:VCARD\nFN:Вторая\nEND:VCARD"
    assert [each.name for each in clients(text)] == ["Первая", "Вторая"]


# --- damaged --------------------------------------------------------------------------------------

GOOD = "BEGIN:VCARD\nVERSION:3.0\nFN:Хорошая Ольга\nTEL:+79000000351\nEND:VCARD\n"


@pytest.mark.parametrize(
    ("bad", "names", "said"),
    [
        ("BEGIN:VCARD\nFN:Без Конца\n", ["Без Конца"], "END:VCARD is missing"),
        ("BEGIN:VCARD\nVERSION:3.0\nEND:VCARD\n", [], "there is no name, no phone and no e-mail"),
        ("BEGIN:VCARD\nEND:VCARD\n", [], "there is no name"),
        ("BEGIN:VCARD\nFN:А Б\nчто это\nEND:VCARD\n", ["А Б"], "is no property of a vCard"),
        ("END:VCARD\n", [], ""),
        ("просто текст\n\n", [], ""),
        ("BEGIN:VCARD\nFN:А Б\nPHOTO;ENCODING=b:@@@\nEND:VCARD\n", ["А Б"], "the photo cannot be read"),
        ("BEGIN:VCARD\nFN:А Б\nTEL:почта\nEND:VCARD\n", ["А Б"], "is not a phone number"),
        ("BEGIN:VCARD\nFN:А Б\nEMAIL:a b c\nEND:VCARD\n", ["А Б"], "is not an e-mail"),
        ("BEGIN:VCARD\nFN:А Б\nBDAY:circa 1800\nEND:VCARD\n", ["А Б"], "circa 1800"),
        ("BEGIN:VCARD\nFN:А Б\nBDAY:31/31/1990\nEND:VCARD\n", ["А Б"], "31/31/1990"),
        ("BEGIN:VCARD\nX-ADDRESSBOOKSERVER-KIND:group\nFN:Друзья\nEND:VCARD\n", [], "a group of contacts"),
        ("BEGIN:VCARD\nFN:\nN:;;;;\nORG:;\nEND:VCARD\n", [], "there is no name"),
        ("BEGIN:VCARD\nFN;ENCODING=QUOTED-PRINTABLE:=D0=ZZ=\nEND:VCARD\n", ["None"], ""),
        ("BEGIN:VCARD\nFN:=HYPERLINK(1)\nEND:VCARD\n", ["=HYPERLINK(1)"], "looks like a formula"),
        ('BEGIN:VCARD\nFN;X="a:А Б\nTEL:+79000000352\nEND:VCARD\n', ["А Б"], ""),
        ("BEGIN:VCARD\nFN:" + "я" * 300 + "\nTEL:+79000000352\nEND:VCARD\n", ["+79000000352"], "longer than"),
        ("BEGIN:VCARD\nFN:А\\\nTEL:+79000000353\nEND:VCARD\n", ["А\\"], ""),
        ("BEGIN:VCARD\nFN:А\x00\x07Б\nEND:VCARD\n", ["АБ"], ""),
        ("BEGIN:VCARD\nAGENT:\nBEGIN:VCARD\nFN:Секретарь\nEND:VCARD\nFN:Шеф\nEND:VCARD\n", ["Шеф"], ""),
    ],
)  # fmt: skip
def test_a_damaged_card_is_told_and_the_others_come_in(
    bad: str, names: list[str], said: str
) -> None:
    for text, place in ((bad + GOOD, "a.vcf:1"), (GOOD + bad, "a.vcf:6")):
        found = told(text)
        read_ = [read(each, OPTIONS) for each in found if isinstance(each, Incoming)]
        good = [each for each in read_ if isinstance(each, Client)]
        assert "Хорошая Ольга" in {each.name for each in good}
        others = [each.name for each in good if each.name != "Хорошая Ольга"]
        if names != ["None"]:
            assert others == names
        sentences = [
            *(each.reason for each in (*found, *read_) if isinstance(each, Skipped)),
            *(remark for each in good for remark in each.remarks),
        ]
        assert not said or any(said in each for each in sentences), sentences
        places = [each.place for each in found]
        assert not names or place in places


def test_a_file_without_a_card_says_so() -> None:
    (noted,) = told("")
    assert "there is no vCard" in getattr(noted, "sentence", "")
    assert not CODEC.recognises(b"name;phone\n", "a.vcf")
    assert CODEC.recognises("\ufeffBEGIN:VCARD".encode("utf-16"), "contacts.txt")


@given(st.binary(max_size=400))
def test_no_bytes_raise(data: bytes) -> None:
    for each in told(b"BEGIN:VCARD\nFN:a\n" + data + b"\nEND:VCARD\n"):
        if isinstance(each, Incoming):
            read(each, OPTIONS)


# --- out, and back --------------------------------------------------------------------------------

TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z")) | st.sampled_from(' ;,:\\"'),
    min_size=1,
    max_size=60,
).map(lambda text: " ".join(text.split()))
KNOWN = {
    "name": "Ким Вера Олеговна",
    "phones": ["+79000000311", {"work": "+79000000312"}, {"дача; лето": "+79000000313"}],
    "emails": [{"home": "kim@example.com"}],
    "addresses": ["Казань, пр. Ленина, д. 10", {"home": "Омск"}],
    "birthday": "--04-12",
    "sex": "female",
    "former_names": ["Цой Вера"],
    "workplace": "Школа, корпус 2; вход",
    "job": "учитель",
    "social": [{"telegram": "@vera"}, "https://example.com"],
    "language": "ru",
    "source": "вывеска",
    "category": "vip",
    "emergency": "мама +79000000399",
    "preferences": ["вечер", "чай, мята"],
    "comment": 'строка\nвторая; \\ и "кавычки"',
    "tags": ["vip", "две тени"],
    "created": "2026-01-10",
    "собака: кличка": "Рекс",
}


def card(values: dict[str, Any]) -> cards.Card:
    return cards.parse(cards.new({"id": "k7f3qd", "number": "К-00127", **values}))


def written(values: dict[str, Any], version: str) -> bytes:
    settings = Settings(SETTINGS.rules, SETTINGS.kinds, version=version)
    return b"".join(contacts([Outgoing(card(values))], settings))


@pytest.mark.parametrize("version", VERSIONS)
def test_what_a_vcard_holds_comes_back_unchanged(version: str) -> None:
    (client,) = clients(written(KNOWN, version))
    assert client.values == KNOWN
    assert (client.told.id, client.told.number) == ("k7f3qd", "К-00127")
    assert not client.told.unknown
    again = {key: client.values[key] for key in KNOWN}
    assert written(again, version) == written(KNOWN, version)


@pytest.mark.parametrize("version", VERSIONS)
@given(texts=st.lists(TEXTS.filter(bool), min_size=4, max_size=4))
def test_any_text_comes_back_unchanged(version: str, texts: list[str]) -> None:
    address, comment, job, own = texts
    values = {
        "name": "Ким Вера",
        "addresses": [address],
        "comment": comment,
        "job": job,
        "моё": own,
    }
    (found,) = [each for each in told(written(values, version)) if isinstance(each, Incoming)]
    for key, text in (("addresses", address), ("comment", comment), ("job", job), ("моё", own)):
        assert found.values[key] == [("", text)]


def test_a_company_goes_out_as_one() -> None:
    for version, mark in (("3.0", b"X-ABShowAs:COMPANY"), ("4.0", b"KIND:org")):
        data = written({"company": "ООО «Вереск»"}, version)
        assert mark in data
        assert clients(data)[0].values["company"] == "ООО «Вереск»"


def test_health_data_stays_at_home() -> None:
    data = written({"name": "Ким Вера", "allergies": ["латекс"], "chronic": ["диабет"]}, "3.0")
    assert "латекс".encode() not in data
    assert "диабет".encode() not in data


def test_the_portrait_goes_out_and_comes_back() -> None:
    picture = clients((SHAPES / "ios.vcf").read_bytes())[0].told.photo
    portrait = Attachment("files/k7f3qd/2026-01-01-portrait.jpg", lambda: picture)
    for version in VERSIONS:
        settings = Settings(SETTINGS.rules, SETTINGS.kinds, version=version)
        going = Outgoing(card({"name": "Ким Вера"}), files=(portrait,))
        data = b"".join(contacts([going], settings))
        assert clients(data)[0].told.photo == picture


def test_lines_are_folded_at_75_octets() -> None:
    for line in written(KNOWN, "3.0").split(b"\r\n"):
        assert len(line) <= 75
        line.decode()


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (["N:;Мария Петровна Иванова;;;", "FN:Мария Петровна Иванова"], "Иванова Мария Петровна"),
        (["FN:Мария Петровна Иванова"], "Иванова Мария Петровна"),
        (["NICKNAME:Котик"], "Котик"),
        (["N:Котова;;;;", "NICKNAME:Котик"], "Котова"),
    ],
)
def test_a_phone_book_without_order_gives_names_in_order(lines: list[str], name: str) -> None:
    assert one(*lines, "TEL:+79000000201")["name"] == name


def test_a_fax_of_apple_is_called_a_fax() -> None:
    found = one("FN:Котова", "item1.TEL:+79000000201", "item1.X-ABLabel:_$!<HomeFAX>!$_")
    assert found["phones"] == [{"home fax": "+79000000201"}]


def test_quoted_printable_that_is_not_declared_is_read_in_old_cards_only() -> None:
    lines = ["N:=CA=EE=F2=EE=E2=E0;=C0=ED=ED=E0", "TEL:+79000000201"]
    assert one(*lines, version="2.1")["name"] == "Котова Анна"
    assert one("FN:=CA=EE=F2=EE", version="3.0")["name"] == "=CA=EE=F2=EE"


def test_two_numbers_in_one_field_are_two_phones() -> None:
    (anna,) = clients(
        b"BEGIN:VCARD\nVERSION:3.0\nFN:A\nTEL;TYPE=WORK:8 900 000-02-01, 8 900 000-02-02\nEND:VCARD\n"
    )
    assert anna.values["phones"] == [{"work": "+79000000201"}, {"work": "+79000000202"}]


def test_a_label_that_says_only_that_it_is_a_phone_is_left_out() -> None:
    (anna,) = clients(
        "BEGIN:VCARD\nVERSION:3.0\nFN:A\nitem1.TEL;waid=79000000201:+7 900 000-02-01\n"
        "item1.X-ABLabel:Мобильный\nEND:VCARD\n".encode()
    )
    assert anna.values["phones"] == ["+79000000201"]


def test_android_tells_a_birthday_among_its_own_properties() -> None:
    kind = "X-ANDROID-CUSTOM:vnd.android.cursor.item"
    (anna,) = clients(
        f"BEGIN:VCARD\nVERSION:2.1\nN:;A;;;\n{kind}/contact_event;1990-05-12;3;;;\n"
        f"{kind}/relation;Olga;13;;;\n{kind}/contact_event;2010-06-05;1;;;\nEND:VCARD\n".encode()
    )
    assert anna.values["birthday"] == "1990-05-12"
    assert anna.told.unknown == {"RELATED": ["Olga"], "ANNIVERSARY": ["2010-06-05"]}


def test_a_maiden_name_and_a_profile_of_apple_are_taken_for_what_they_are() -> None:
    (anna,) = clients(
        b"BEGIN:VCARD\nVERSION:3.0\nFN:A\nX-MAIDENNAME:Kotova\n"
        b"X-SOCIALPROFILE;type=instagram:x-apple:anna.k\nEND:VCARD\n"
    )
    assert anna.values["former_names"] == ["Kotova"]
    assert anna.values["social"] == [{"instagram": "anna.k"}]
