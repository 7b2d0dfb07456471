"""JSON and JSON lines: what went out comes back byte for byte, what others write is read by its keys."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardcli import card as cards
from cardcli.exchange import json_writing
from cardcli.exchange.incoming import Incoming, Noted, Options, Skipped, Told
from cardcli.exchange.json_reading import CODEC
from cardcli.exchange.outgoing import Attachment, Outgoing, Settings
from cardcli.exchange.reading import Client, read
from cardcli.fields import Rules
from cardcli.kinds import Kinds

OPTIONS = Options(Kinds(), dt.date(2026, 6, 15))
SETTINGS = Settings(Rules(OPTIONS.today), OPTIONS.kinds, with_files=True)
SAMPLE = sorted((Path(__file__).parents[1] / "cards").glob("*.md"))
ODD = (
    "---\r\nid: k7f3qd\r\nname: Иванова\r\nname: Петрова\r\nмоё: [а, {б: в}]\r\n---\r\n\r\n"
    "Вольный текст ``` \u2028 \\n\r\n## Услуги\r\n- 2026-05-14 не по правилам\r\n"
)


def told(text: str) -> list[Told]:
    return list(CODEC.read(text.encode(), "a.json", OPTIONS))


def going(text: str, path: str = "cards/a.md", *files: Attachment) -> Outgoing:
    return Outgoing(cards.parse(text), path, files)


@pytest.mark.parametrize("write", [json_writing.lines, json_writing.array])
def test_cards_come_back_byte_for_byte(write: Any) -> None:
    texts = [path.read_bytes().decode() for path in SAMPLE]
    texts.append(ODD.replace("name: Петрова\r\n", ""))
    data = b"".join(write([going(text) for text in texts], SETTINGS)).decode()
    found = [each for each in told(data) if isinstance(each, Incoming)]
    assert [each.text for each in found] == texts
    assert not any(each.remarks for each in found)


def test_files_travel_with_the_card_and_a_damaged_one_is_left_out() -> None:
    data = bytes(range(256))
    photo = Attachment("files/k7f3qd/a.jpg", lambda: data)
    text = "---\nid: k7f3qd\nname: Анна\n---\n"
    written = b"".join(json_writing.lines([going(text, "cards/a.md", photo)], SETTINGS)).decode()
    (client,) = told(written)
    assert isinstance(client, Incoming)
    assert client.files == {"files/k7f3qd/a.jpg": data}
    told_file = json.loads(written)["files"][0]
    assert told_file["sha256"] == hashlib.sha256(data).hexdigest()
    (damaged,) = told(written.replace(told_file["data"][:8], "ZZZZZZZZ"))
    assert isinstance(damaged, Incoming)
    assert not damaged.files
    assert damaged.remarks == ("the file files/k7f3qd/a.jpg is damaged; it is left out",)


@pytest.mark.parametrize(
    "path",
    [
        "files/zzzzzz/a.jpg",
        "../a.jpg",
        "files/k7f3qd/../../a",
        "cards/a.md",
        "files/k7f3qd/.git/a",
        7,
    ],
)
def test_a_file_never_goes_to_the_place_of_another(path: object) -> None:
    data = base64.b64encode(b"x").decode()
    file = {"path": path, "data": data, "sha256": hashlib.sha256(b"x").hexdigest()}
    value = {"text": "---\nid: k7f3qd\nname: Анна\n---\n", "files": [file]}
    (client,) = told(json.dumps(value))
    assert isinstance(client, Incoming)
    assert not client.files


def test_an_edited_key_beside_the_card_is_told() -> None:
    written = b"".join(json_writing.lines([going(SAMPLE[0].read_text("utf-8"))], SETTINGS)).decode()
    value = json.loads(written) | {"name": "Другой"}
    (client,) = told(json.dumps(value))
    assert isinstance(client, Incoming)
    assert client.remarks == ("“name” and “text” say different things; “text” counts",)


def test_what_show_prints_is_read_by_its_keys() -> None:
    card = cards.parse(SAMPLE[4].read_text("utf-8"))
    value = {**json_writing._client(Outgoing(card), SETTINGS)}
    (client,) = [
        read(each, OPTIONS) for each in told(json.dumps(value)) if isinstance(each, Incoming)
    ]
    assert isinstance(client, Client)
    own = {key: value for key, value in card.metadata.items() if key not in {"id", "number"}}
    assert client.values == own
    assert [each.title for each in client.entries] == [each.title for each in card.entries]
    assert [each.id for each in client.entries] == [each.id for each in card.entries]


def test_the_objects_of_another_program_are_read_by_their_keys() -> None:
    value = {
        "firstName": "Вера",
        "lastName": "Ким",
        "Телефон": ["89000000401", {"label": "дача", "value": "89000000402"}],
        "email": {"home": "kim@example.com"},
        "birthday": "1990-04-12",
        "loyalty": {"points": 12.50, "since": 2020},
        "tags": ["vip"],
        "empty": None,
    }
    (found,) = told(json.dumps([value]))
    assert isinstance(found, Incoming)
    client = read(found, OPTIONS)
    assert isinstance(client, Client)
    assert client.values == {
        "name": "Ким Вера",
        "phones": ["+79000000401", {"дача": "+79000000402"}],
        "emails": [{"home": "kim@example.com"}],
        "birthday": "1990-04-12",
        "tags": ["vip"],
    }
    assert found.unknown == {"loyalty": ['{"points": "12.5", "since": "2020"}']}


GOOD = '{"name": "Хорошая Ольга"}'


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        (f'{GOOD}\n{{"name": \n{GOOD}', "a.json:2", "it is no JSON"),
        (f'{GOOD}\n{{"name": "Обрыв', "a.json:2", "it is no JSON: see line 2, column 10"),
        (f"[\n{GOOD},\n{{'name': 1}},\n{GOOD}\n]", "a.json:3", "it is no JSON"),
        (f"[\n{GOOD},\n7\n]", "a.json:3", "it is no object"),
        (f"{GOOD}\n" + '{"name":' * 100_000, "a.json:2", "nested too deeply"),
        (f"{GOOD}\n[{GOOD}", "a.json:2", "it is no"),
        (
            f'{GOOD}\n{{"text": "---\\nid: k7f3qd\\n"}}',
            "a.json:2",
            "the front matter is not closed",
        ),
        (f"{GOOD}\n{{}}", "a.json:2", "there is no name"),
        (f'{GOOD}\n{{"name": {{"name": {{"name": 1}}}}}}', "a.json:2", "there is no name"),
        (f'{GOOD}\n{{"name": null, "phones": [[]]}}', "a.json:2", "there is no name"),
    ],
)
def test_damaged_json_is_told_with_its_line_and_the_others_come_in(
    text: str, place: str, reason: str
) -> None:
    found = told(text)
    read_ = [read(each, OPTIONS) if isinstance(each, Incoming) else each for each in found]
    skipped = [each for each in read_ if isinstance(each, Skipped)]
    assert [each.name for each in read_ if isinstance(each, Client)][:1] == ["Хорошая Ольга"]
    assert skipped
    assert skipped[0].place == place
    assert reason in skipped[0].reason


def test_a_key_given_twice_is_told() -> None:
    (found,) = told('{"name": "Анна", "name": "Вера"}')
    assert isinstance(found, Incoming)
    assert found.values["name"] == [("", "Анна")]
    assert found.remarks == ("the key “name” is given twice; the first counts",)


def test_an_empty_file_says_so() -> None:
    for text in ("", "[]", " \n"):
        (noted,) = told(text)
        assert isinstance(noted, Noted)


@given(st.text(max_size=200))
def test_no_text_raises(text: str) -> None:
    for each in told("[" + text):
        if isinstance(each, Incoming):
            read(each, OPTIONS)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["name", "phones", "text", "entries", "profile", "files", "date", "kind", "x"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(ANYTHING)
def test_no_object_raises(value: Any) -> None:
    for each in told(json.dumps(value)):
        if isinstance(each, Incoming):
            read(each, OPTIONS)
