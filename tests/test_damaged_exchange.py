"""A folder of files of every kind, most of them damaged: nothing breaks, each reason has its place, good ones come in."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import Cli

FILES = {
    "empty.vcf": b"",
    "good.vcf": "BEGIN:VCARD\nVERSION:3.0\nFN:Хорошая Ольга\nTEL:89000000601\nEND:VCARD\n".encode(),
    "cut.vcf": b"BEGIN:VCARD\nVERSION:2.1\nFN;ENCODING=QUOTED-PRINTABLE:=D0=9A=D0=B8=D0=BC =D0=92=\n",
    "nobody.vcf": b"BEGIN:VCARD\nVERSION:3.0\nNOTE:x\nEND:VCARD\nBEGIN:VCARD\nEND:VCARD\n",
    "binary.vcf": bytes(range(256)) * 4,
    "good.json": '[{"name": "Лебедева Анна", "phone": "89000000602"}]'.encode(),
    "cut.json": '[{"name": "Белова Лада"}, {"name": "Обр'.encode(),
    "wrong.json": b"[{}, 2, null]",
    "lines.jsonl": '{"name": "Рощина Инна"}\n{"name"\n{"name": "Носова Ия"}\n'.encode(),
    "note.md": "---\nphone: 89000000603\n---\n# Котова Яна\n".encode(),
    "diary.md": "# Вторник\n\nдождь\n".encode(),
    "broken.md": "---\nname: [А\n---\n".encode(),
    "day.ics": "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260701T100000\nSUMMARY:Стрижка — Хорошая Ольга\nEND:VEVENT\nBEGIN:VEVENT\nDTSTART:вчера\nEND:VEVENT\n".encode(),
    "picture.png": b"\x89PNG\r\n\x1a\n" + bytes(200),
}  # fmt: skip


def test_what_can_be_read_comes_in_and_the_rest_is_told_with_its_place(
    salon: Path, cli: Cli
) -> None:
    folder = salon.parent / "mixed"
    folder.mkdir()
    for name, data in FILES.items():
        (folder / name).write_bytes(data)
    names = [str(folder / name) for name in FILES]
    result = cli("import", *names, "--yes", "--create", "--full")
    assert "Traceback" not in result.err
    assert not (salon / ".cardcli" / "log").exists()
    everybody = cli("list").out
    for name in ("Хорошая Ольга", "Лебедева Анна", "Белова Лада", "Рощина Инна", "Носова Ия", "Котова Яна"):  # fmt: skip
        assert name in everybody, result.out + result.err
    said = (result.out + result.err).replace(str(folder) + "/", "")
    for place in (
        "empty.vcf", "cut.vcf:1", "nobody.vcf:1", "nobody.vcf:5", "binary.vcf", "cut.json:1", "wrong.json:1",
        "lines.jsonl:2", "diary.md:1", "broken.md:", "day.ics:6", "picture.png",
    ):  # fmt: skip
        assert place in said, place
    visits = cli("show", "Хорошая Ольга", "--section", "visit").out
    assert "Стрижка" in visits
    assert cli("undo").code == 0
    assert cli("list").out == ""
