"""The rules as data: all ninety, each with where it was read; and what the loader refuses."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from trongdan.kernel.clock import Due
from trongdan.kernel.errors import LawError
from trongdan.law import Law, load_law, loader
from trongdan.law.compare import changes
from trongdan.law.families import compose
from trongdan.law.loader import load_rules, variant_words

LAW = load_law()
VERSIONS = {v.id: (r, v) for r in LAW.rules.values() for v in r.versions}
NUMBERED = {"TCD": 16, "XLD": 1, "TC": 12, "MC": 3, "PAKN": 2, "CT": 3, "DT": 3, "KLTT": 5, "DC": 4, "YK": 4, "BV": 4}
LETTERED = ["KN-02a", "KN-02b", "DD-01a", "DD-01b", "DD-02a", "DD-02b", "DD-06a", "DD-06b", "DD-07a", "DD-07b"]
NINETY = [
    *(f"{name}-{n:02}" for name, most in NUMBERED.items() for n in range(1, most + 1)),
    *(f"KN-{n:02}" for n in range(1, 17) if n != 2),
    *(f"DD-{n:02}" for n in (3, 4, 5, 8, 9, 10, 11, 12)), *LETTERED,
]  # fmt: skip

# What complaints to their full depth ask besides: halt, execution, discipline, publication, the courts (decision 0033).
COMPLAINTS = [f"KN-{n}" for n in range(17, 26)]


LATER = ["TC-13", "TC-14", "TC-15", "TC-16", "TC-17"]  # the steps of a denunciation that the first collection left out (tc_steps.toml)
RECEPTIONS = ["TCD-18"]  # the points of a conclusion; how soon the notice comes (TCD-17) is the province's to say
MEETINGS = ["CT-04"]  # what was promised to voters falls due by the answer's own words (decision 0054)


def test_all_ninety_rules_are_here_by_their_ids() -> None:
    assert len(NINETY) == 90
    for rule_id in NINETY + LATER + MEETINGS + RECEPTIONS:
        assert LAW.rule(rule_id).versions
    known = {v.id for v in (v for _, v in VERSIONS.values()) if not v.local}
    assert {i.rstrip("ab") for i in known} == {i.rstrip("ab") for i in NINETY + LATER + COMPLAINTS + MEETINGS + RECEPTIONS}, "none more"


def test_each_version_says_where_it_was_read_and_a_primary_one_names_article_and_clause() -> None:
    for _, v in VERSIONS.values():
        assert v.source.where or v.source.verified == "unread", v.id
        if v.source.verified == "primary":
            assert "Đ" in v.source.where, v.id
            assert "Đ" in v.basis, v.id


def test_most_values_of_letters_complaints_and_denunciations_were_read_in_the_law_itself() -> None:
    marks = {v.id: v.source.verified for _, v in VERSIONS.values()}
    assert {i for i, m in marks.items() if i.startswith("TC-") and m != "primary"} == set()
    assert {i for i, m in marks.items() if i.startswith("KN-") and m != "primary"} == {"KN-08", "KN-23", "KN-24", "KN-25"}
    assert sum(m == "primary" for m in marks.values()) >= 49
    assert {i for i, m in marks.items() if m == "unread"} == {
        "CT-03", "CT-04", "DD-07a", "DD-10", "KLTT-05", "MC-02", "YK-04", "PT-KNPA-01", "PT-CD-01", "PT-TCD-17"}  # fmt: skip


def test_only_the_rules_of_the_province_are_local() -> None:
    assert [v.id for _, v in VERSIONS.values() if v.local] == ["PT-TCD-17", "PT-KNPA-01", "PT-CD-01"]


def test_the_party_secretaries_reception_rests_on_conclusion_215_since_it_was_signed() -> None:
    for rule, days in (("TCD-07", 1), ("TCD-08", 2)):
        old, new = (LAW.rule(rule).version_on(d) for d in (date(2025, 11, 22), date(2025, 11, 23)))
        assert (old.value, new.value) == (days, days)
        assert "215-KL/TW" not in old.basis
        assert "215-KL/TW" in new.basis


def test_a_minimum_time_of_posting_does_not_move_off_a_rest_day() -> None:
    for rule in ("TC-09", "DC-02", "DC-03", "KLTT-04"):
        assert not VERSIONS[rule][1].roll, rule


def test_every_variant_has_words_in_both_languages() -> None:
    for _, v in VERSIONS.values():
        for name in v.variants:
            vi, en = v.variant_words[name]
            assert vi
            assert en


@pytest.mark.parametrize(("before", "after", "expected"), [
    ("2026-06-30", "2026-07-01", {"KN-02": "changes", "TCD-01": "ends", "TCD-02": "begins", "TCD-13": "begins", "KN-13": "begins"}),
    ("2025-12-31", "2026-01-01", {"DD-01a": "ends", "DD-02a": "begins", "DD-06": "changes", "BV-03": "ends", "BV-04": "begins"}),
    ("2025-06-30", "2025-07-01", {"TCD-04": "ends", "MC-01": "ends", "MC-02": "begins", "DT-01": "begins"}),
    ("2025-11-22", "2025-11-23", {"TCD-07": "cites", "TCD-08": "cites"}),
])  # fmt: skip
def test_what_changed_between_two_days_is_told(before: str, after: str, expected: dict[str, str]) -> None:
    found = {c.rule.id: c.kind for c in changes(LAW, date.fromisoformat(before), date.fromisoformat(after))}
    assert expected.items() <= found.items()


def test_nothing_changed_between_a_day_and_itself() -> None:
    assert changes(LAW, date(2026, 7, 1), date(2026, 7, 1)) == []


def test_the_provinces_file_named_in_the_environment_takes_the_place_of_the_demonstration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    local = tmp_path / "tinh.toml"
    text = (Path(str(loader.local_file()))).read_text("utf-8")
    local.write_text(text.replace("value = 15", "value = 7"), "utf-8")
    monkeypatch.setenv("TRONGDAN_LAW_LOCAL", str(local))
    assert loader.local_file() == local
    law = loader.load_law.__wrapped__()
    assert law.rule("PT-KNPA-01").versions[0].value == 7
    assert law.rule("PT-KNPA-01").versions[0].local


def local_law(folder: Path, text: str) -> Law:
    folder.mkdir(exist_ok=True)
    file = folder / "tinh.toml"
    file.write_text(text, "utf-8")
    return load_law(file)


def own(rule_id: str) -> str:
    return (f'[[rule]]\nid = "{rule_id}"\ntitle = "X"\nstarts_at = "x"\n[[rule.version]]\nid = "{rule_id}"\nfrom = 2026-01-01\n'
            'value = 10\nunit = "working_day"\nbasis = "QĐ 12/2026/QĐ-UBND Đ5"\nsource = { verified = "primary", where = "QĐ 12/2026 Đ5" }\n')  # fmt: skip


def test_a_province_says_what_the_law_leaves_to_it_and_it_is_shown_as_local(tmp_path: Path) -> None:
    law = local_law(tmp_path, own("PAKN-02"))
    due = law.due("PAKN-02", date(2026, 7, 6))
    assert isinstance(due, Due)
    assert (due.due, due.local) == (date(2026, 7, 20), True)
    assert "quy định của tỉnh" in due.steps()[0].vi


@pytest.mark.parametrize("rule", ["KN-02", "TC-05", "XLD-01", "MC-02"])
def test_a_province_cannot_say_what_the_law_itself_says(tmp_path: Path, rule: str) -> None:
    with pytest.raises(LawError, match="cannot say otherwise"):
        local_law(tmp_path, own(rule))


def test_the_remote_communes_are_the_provinces_to_name_with_a_decision(tmp_path: Path) -> None:
    assert LAW.remote == {}, "no law lists them"
    law = local_law(tmp_path, '[[remote]]\ncommune = "04978"\nbasis = "QĐ 12/2026/QĐ-UBND"\n')
    assert law.remote == {"04978": "QĐ 12/2026/QĐ-UBND"}
    with pytest.raises(LawError, match="basis"):
        local_law(tmp_path / "again", '[[remote]]\ncommune = "04978"\n')


@pytest.mark.parametrize("text", ["[[rule", "\xff"])
def test_a_local_file_that_cannot_be_read_is_refused_with_its_name(tmp_path: Path, text: str) -> None:
    local = tmp_path / "tinh.toml"
    local.write_bytes(text.encode("latin-1"))
    with pytest.raises(LawError, match=r"tinh\.toml"):
        load_law(local)
    with pytest.raises(LawError, match="nowhere"):
        load_law(tmp_path / "nowhere.toml")


RULE = """
[[rule]]
id = "X-1"
title = "X"
starts_at = "x"
[[rule.version]]
id = "X-1"
from = 2020-01-01
value = 5
unit = "working_day"
variants = { complex = 9 }
basis = "Luật X"
source = { verified = "primary", where = "Luật X Đ1" }
transitions = [{ basis = "Luật X Đ9", vi = "Cũ theo cũ.", en = "Old by old." }]
"""


@pytest.mark.parametrize(("change", "key"), [
    (('value = 5\n', ""), "X-1.X-1"), (('unit = "working_day"', 'unit = "moon"'), "X-1.X-1.unit"), (('basis = "Luật X"', ""), "X-1.X-1.basis"),
    (('where = "Luật X Đ1"', 'where = ""'), "X-1.X-1.source"), (('value = 5', 'valeu = 5'), "X-1.X-1"), (('complex = 9', 'huge = 9'), "X-1.X-1.variants"),
    (('vi = "Cũ theo cũ."', 'vi = ""'), "X-1.X-1.transitions.vi"), (('verified = "primary"', 'verified = "sure"'), "X-1.X-1.source"),
])  # fmt: skip
def test_a_rule_that_does_not_hold_together_is_refused_with_file_and_key(change: tuple[str, str], key: str) -> None:
    assert load_rules(RULE, "x.toml")
    with pytest.raises(LawError) as caught:
        load_rules(RULE.replace(*change), "x.toml")
    assert (caught.value.file, caught.value.key) == ("x.toml", key)


def test_two_versions_in_force_at_once_are_refused() -> None:
    later = RULE[RULE.index("[[rule.version]]"):].replace("2020-01-01", "2021-01-01").replace('id = "X-1"', 'id = "X-1b"')
    with pytest.raises(LawError, match="in force at the same time"):
        load_rules(RULE + later, "x.toml")


@pytest.mark.parametrize(("names", "reason"), [
    ('complex = ["DD-01a"]\nremote = ["DD-99"]', "unknown rules"), ('huge = ["DD-01a"]', "no words"),
    ('complex = ["DD-01a"]\nremote = ["DD-02a"]', "same days"),
])  # fmt: skip
def test_a_family_whose_versions_do_not_line_up_is_refused(names: str, reason: str) -> None:
    text = f'[[family]]\nid = "F"\ntitle = "F"\ntitle_en = "F"\nstarts_at = "f"\n[family.variants]\n{names}\n'
    with pytest.raises(LawError, match=reason):
        compose(text, LAW.rules, variant_words())
