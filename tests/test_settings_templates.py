"""The commented examples in the settings of a new store are right: uncommented, they can be read."""

from __future__ import annotations

import re

import pytest

from cardcli import config, resources

EMPTY = re.compile(r"^(\w+): (?:\{\}|\[\])$", re.MULTILINE)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_examples_of_the_settings_can_be_taken_as_they_are(language: str) -> None:
    text = (resources.templates() / f"settings.{language}.yaml").read_text(encoding="utf-8")
    assert config.parse(text).cautions == ()
    filled = EMPTY.sub(r"\1:", text.replace("staff: []", "staff: [Olga]"))
    filled = re.sub(r"^# (obligatory|areas|stages|categories):", r"\1:", filled, flags=re.MULTILINE)
    filled = re.sub(r"^#( {2,})", r"\1", filled, flags=re.MULTILINE)
    settings = config.parse(filled)
    assert settings.obligatory == ("phones", "emails", "birthday")
    assert set(settings.purposes) == {"chronic", "interests"}
    assert len(settings.scales) == 2
    (caution,) = settings.cautions
    assert caution.valid
    assert caution.consents == ("health",)
    assert settings.kinds.named("course").tracked
    zone = settings.kinds.named("visit").field("zone")
    assert zone
    assert zone.required
    assert settings.profile.known("hair")
    assert len(settings.kinds.named("deal").fields[0].choices) == 5
    assert settings.theme.accent == "#1f5f4a"
    assert settings.theme.margins == {"left": 25.0}
    assert settings.theme.order == ("alerts", "visit", "advice")
