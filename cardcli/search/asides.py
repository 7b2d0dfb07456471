"""What is said beside a client: «Иванова маникюр завтра», «тётя Маша», «Мария Петровна с собачкой».

Asked only when a query finds nobody as it stands: a client may well be noted as «Маша маникюр».
"""

from __future__ import annotations

import re

# Stems of words that are never a name. A family name is safe from them: «Массажистова» is no such word.
_WORDS = (
    # how people are addressed and whose they are
    r"г-?н|г-?жа|господ(?:ин|ина|ину|а)|гражданк?(?:ин|ка)|доктор|тет(?:я|и|ю|е|ка)|дяд(?:я|и|ю|е)"
    r"|баб(?:а|ы|у|ушка|ушки|ушке|ушку)|дед|дедушк[аиу]|мам(?:а|ы|е|у|очка)|пап(?:а|ы|е|у)|муж(?:а|у|ем)?"
    r"|жен(?:а|ы|е|у|ои)|сын(?:а|у|ок|ом)?|доч(?:ь|ка|ки|ке|ку|ери|ерью)|сестр(?:а|ы|е|у)|брат(?:а|у|ом)?"
    r"|подруг[аиеу]|подружк[аиеу]|невестк[аиеу]|свекров[ьи]|внук|внучк[аиеу]|herr|frau|madame|monsieur|miss|sir"
    # what is wanted
    r"|наити|наиди(?:те)?|покажи(?:те)?|показать|открои(?:те)?|открыть|запис(?:ь|и|ать|ан|ана|али|алась|ался)"
    r"|запиши(?:те)?|позвони(?:ть|те)?|звонил[аи]?|перезвонить|напомнить|отмен(?:а|ить|ила|ил)|перенести|перенос"
    r"|оплат(?:а|ить|ила|ил)|приход(?:ила|ил)|пришл[аи]|был[аи]?|будет|придет|нужн[аоы]|срочно|пожалуиста"
    r"|нов(?:ая|ыи|ои|ого)|постоянн(?:ая|ыи|ои|ого)|бывш(?:ая|ии|еи|его)|стар(?:ая|ыи)|vip|вип"
    # when
    r"|сегодня|завтра|послезавтра|вчера|утр(?:о|ом)|дн(?:ем|я)|вечер(?:ом)?|понедельник|вторник|сред[ау]|четверг"
    r"|пятниц[ау]|суббот[ау]|воскресень?е|час(?:а|ов)?|\d{1,2}:\d\d"
    # what for
    r"|маникюр\w*|педикюр\w*|стрижк\w*|окрашивани\w*|покраск\w*|укладк\w*|массаж\w{0,2}|брови?|бровеи|ресниц\w*"
    r"|чистк\w*|пилинг\w{0,2}|эпиляци\w*|депиляци\w*|шугаринг\w{0,2}|макияж\w{0,2}|наращивани\w*|коррекци\w*"
    r"|покрыти\w*|консультаци\w*|процедур\w*|сеанс\w{0,2}|прием\w{0,2}|визит\w{0,2}|сертификат\w{0,2}"
    r"|абонемент\w{0,2}|заняти\w*|мастер\w{0,2}|администратор\w{0,2}|сотрудни\w*"
    # which number
    r"|номер|телефон|последни[ех]|хвост(?:ик)?|конец|конча\w*|оканчива\w*|заканчива\w*|цифр\w*|whatsapp|ватсап|вотсап|viber|ваибер"
    r"|telegram|телеграм|тг|мобила|сотовыи"
)
_PREPOSITIONS = r"(?:с|со|в|во|на|из|изо|от|для|по|к|ко|за|у|при|до)"
_IN_BRACKETS = r"\([^()]*\)|\[[^\[\]]*\]"
_BEHIND_NAME = rf"(?<=\w\w)[,.]?\s+{_PREPOSITIONS}\s+(?=[^\W\d_]{{3}}|\d).*"
_BEFORE_DIGITS = rf"^{_PREPOSITIONS}\s+(?=[+(]?\d)"
_LIST_NUMBER = r"^\d{1,3}[.)]\s+"
_LETTERS_FOR_ZEROS = r"(?<=[\d\s])[OОoо]+(?=[\d\sOОoо])"
_PHONE_SIGNS = r"[+\d\s().-]+"
_SHORTEST_PHONE = 10
_ENOUGH = r"[^\W\d_]{3}|\d\D*\d\D*\d\D*\d"
_SHORT = str.maketrans("ёйЁЙ", "еиЕИ")


def without_asides(query: str) -> str:
    """Return *query* without what is no part of a name; empty when that is nothing or leaves nothing."""
    line = " ".join(query.split())
    if " " not in line:
        return ""
    digits = re.sub(_LETTERS_FOR_ZEROS, lambda match: "0" * len(match[0]), line)
    if digits != line and re.fullmatch(_PHONE_SIGNS, digits):
        return digits
    rest = re.sub(_IN_BRACKETS, " ", line)
    rest = re.sub(_LIST_NUMBER, "", rest)
    rest = _without_words(rest)
    rest = re.sub(_BEFORE_DIGITS, "", rest.strip())
    rest = re.sub(_BEHIND_NAME, "", rest)
    rest = " ".join(rest.split())
    return rest if rest != line and re.search(_ENOUGH, rest) else ""


def _without_words(line: str) -> str:
    """Return *line* without the words that are no names, each with the preposition before it."""
    plain = line.translate(_SHORT)  # letter for letter, so that places agree
    aside = rf"(?i)(?<![\w-])(?:(?:{_PREPOSITIONS}|и)\s+)?(?:{_WORDS})(?![\w-])[.,:]?"
    rest, place = [], 0
    for match in re.finditer(aside, plain):
        rest.append(line[place : match.start()])
        place = match.end()
    return "".join((*rest, line[place:]))
