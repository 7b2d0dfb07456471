"""The quick reader of plain YAML says what PyYAML says, or nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cardcli import plainyaml, yamlpatch
from cardcli.plainyaml import Value
from cardcli.yamlpatch import BadYamlError, scalar

ROOT = Path(__file__).parents[1]
WHOLE = yamlpatch._read_whole


def test_the_sample_needs_no_yaml_parser() -> None:
    texts = [path.read_text("utf-8").split("---\n")[1] for path in (ROOT / "cards").glob("*.md")]
    texts.append((ROOT / "cardcli.yaml").read_text("utf-8"))
    for text in texts:
        assert plainyaml.read(text) == WHOLE(text)


@pytest.mark.parametrize(
    "text",
    [
        "a: b: c\n", "a: |\n  b\n", "a: >\n  b\n", "a: &x b\nc: *x\n", "a: !!int 1\n", "a: 'it''s'\n",
        'a: "\\n"\n', "a: b\n  c\n", "a: b\na: c\n", "a:\tb\n", "a: b\r\n", "? a\n: b\n", "- a\n", "a\n",
        "a: [b, [c]]\n", "a: {b: {c: d}}\n", "a: [b,\n  c]\n", "a: 'b\n  c'\n", "<<: a\n", "a: @b\n",
        "a: `b\n", "a: %b\n", "  a: b\nc: d\n", "a:\n   b: c\n  d: e\n", "a: \ufeffb\n", "a: b\x85c: d\n",
    ],
)  # fmt: skip
def test_what_is_not_plain_is_left_to_the_parser(text: str) -> None:
    assert plainyaml.read(text) is None


PIECES = st.sampled_from([
    "a", "b", "имя", "x y", "1990-04-12", "--08-03", "-", "- ", "-- ", "---", "...", ":", ": ", " ", "  ",
    "    ", "\n", "\n", "\n  ", "\n- ", "\n  - ", "\nb: ", "\nc:", "#", " #", "# a", "'", '"', '"a"', "'a'",
    "[", "]", "{", "}", ",", ", ", "[a, b]", "{a: b}", "&", "*", "!", "|", ">", "%", "@", "`", "?", "? ", "~",
    "=", "<", "<<", "\\", "\t", "\r", "https://example.com", "12:30", "\u00a0", "\u2028", "null", "«", "(",
    ".", "/", "+", "$", "^", ";", "é", "\U0001f600", "\x00", "\ue000", "\u0301",
])  # fmt: skip


@settings(max_examples=500)
@given(st.lists(PIECES, max_size=24).map("".join))
@example("a:\n- b: c\n  d: e\n- f: g")
@example("a:\n  - b:\n    - c\n    d: [e, 'f']")
@example("a: b #c")
@example("a: [a b , 'c' ]")
@example("a: - b")
@example("a: [-, b]")
def test_whatever_is_read_is_what_the_parser_reads(text: str) -> None:
    agree("a: " + text)
    agree(text)


def agree(text: str) -> None:
    found = plainyaml.read(text)
    if found is not None:
        try:
            assert found == WHOLE(text)
            assert list(found) == list(WHOLE(text))
        except BadYamlError as error:
            raise AssertionError((text, found)) from error


VALUES = st.recursive(
    st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("абвabc", min_size=1, max_size=6), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.text("абвabc", min_size=1, max_size=6), VALUES, max_size=5))
def test_what_cardcli_writes_is_read_by_both_alike(mapping: dict[str, Value]) -> None:
    text = ""
    for key, value in mapping.items():
        text = yamlpatch.patch(text, key, value)
    agree(text)


@given(st.text(st.characters(codec="utf-8"), max_size=40))
def test_any_written_value_is_read_back(value: str) -> None:
    agree(f"a: {scalar(value)}\nb:\n  - {scalar(value)}\nc: [{scalar(value, flow=True)}]\n")
