from __future__ import annotations

import pytest

from cardcli.words import mentions, stems


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("Анестезия лидокаином 10%", "лидокаин"),
        ("лидокаин — отёк Квинке (2019)", "Лидокаина"),
        ("Лидокаиновый спрей", "лидокаин"),
        ("Окрашивание корней хной", "хна"),
        ("Медовое обёртывание", "мед"),
        ("Шугаринг, восковые полоски", "воск"),
        ("перчатки латексные", "латекс"),
        ("Окрашивание волос", "окрашивания"),
        ("беременна, 20 недель", "беременность"),
        ("на орехи", "ореховый"),
        ("краска для волос Estel", "краской для волос"),
        ("latex gloves", "Latex glove"),
        ("лидокаин", "лидокаин 10%"),
    ],
)
def test_a_substance_is_found_in_whatever_form_it_stands(text: str, phrase: str) -> None:
    assert mentions(text, phrase)


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("Медицинский педикюр", "мёд"),
        ("Красный лак", "краска"),
        ("Маникюр", "лидокаин"),
        ("Окрашивание волос", "краска для волос"),
        ("Хлоргексидин", "хлор"),
        ("лактоза", "лак"),
        ("Стрижка", "нет"),
        ("Стрижка", ""),
    ],
)
def test_a_word_that_only_begins_alike_is_another_word(text: str, phrase: str) -> None:
    assert not mentions(text, phrase)


def test_little_words_numbers_and_single_letters_carry_no_meaning() -> None:
    assert stems("Аллергия на 10 % лидокаин, и c") == ["лидокаин"]
