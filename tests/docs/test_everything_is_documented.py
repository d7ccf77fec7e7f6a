"""Whatever has a name in the system has a place in docs/; a failing test names what has none."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable
from urllib.parse import unquote

import pytest

from trongdan.config.variables import DJANGO_ONLY, VARIABLES
from trongdan.core.cases.registry import kinds, paper_forms
from trongdan.kernel.clock import Unit
from trongdan.kernel.guards import GUARD_TESTS
from trongdan.kernel.kind import FIELD_TYPES, KERNEL_TAGS, ROLES
from trongdan.kernel.kindfile import WATCHES
from trongdan.law import load_law
from trongdan.law.examples import examples
from trongdan.law.loader import load_year
from trongdan.law.retention import retentions

from .sources import DOCS, ROOT, SOURCE, defaults_in_code, documents, secrets_used, variables_read

FAMILY = "TRONGDAN_PASSWORD_"  # one variable a role, named from the role's own name
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|(?:!\[[^\]]*\]\(|<img src=\")([^)\s\"]+)[)\"]")
HEADING = re.compile(r"^#{1,6}\s+(.*)$", re.MULTILINE)


def undocumented(names: Iterable[str], folder: str) -> list[str]:
    """The names that no page of this part of docs/ holds in code marks."""
    words = "\n".join(p.read_text("utf-8") for p in sorted((DOCS / folder).rglob("*.md")))
    marked = set(re.findall(r"`([^`\n]+)`", words))
    return sorted(name for name in set(names) if name not in marked)


def test_the_generated_pages_are_what_the_generator_makes_now() -> None:
    done = subprocess.run([sys.executable, "tools/docs.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_every_variable_that_the_code_reads_is_listed_with_its_meaning() -> None:
    listed = {v.name for v in VARIABLES}
    read = {name for name in variables_read() if not name.startswith(FAMILY.rstrip("_"))}
    assert sorted(read - listed) == []
    gone = {name for name in listed - read if name.startswith("TRONGDAN_") and "…" not in name}
    assert sorted(gone) == [], "listed, but nothing reads it"
    assert undocumented([v.name for v in (*VARIABLES, *DJANGO_ONLY)], "reference") == []
    assert all(len(v.means) > 10 for v in (*VARIABLES, *DJANGO_ONLY))


def test_every_key_of_an_instance_is_documented_with_what_its_loss_means() -> None:
    page = (DOCS / "operate" / "trust.md").read_text("utf-8")
    assert {"signing", "tokens", "drafts"} <= secrets_used()
    assert [name for name in sorted(secrets_used()) if f"| `{name}.key` |" not in page] == []


def test_every_default_in_the_docs_is_the_default_in_the_code() -> None:
    listed = {v.name: v.default for v in (*VARIABLES, *DJANGO_ONLY)}
    seen = [(name, value, file) for name, value, file in defaults_in_code() if not name.startswith("TRONGDAN_PASSWORD")]
    assert {name for name, _value, _file in seen} >= {"TRONGDAN_URL", "TRONGDAN_LOG", *(v.name for v in DJANGO_ONLY)}
    wrong = [(name, value, file) for name, value, file in seen if listed.get(name) != (value if isinstance(value, str) else str(value))]
    assert wrong == []


def test_every_rule_and_every_version_of_the_law_is_documented() -> None:
    rules = load_law().rules.values()
    assert undocumented([*(r.id for r in rules), *(v.id for r in rules for v in r.versions), *load_law().families], "law") == []


def test_every_worked_example_and_every_period_of_keeping_is_printed() -> None:
    words = "\n".join(p.read_text("utf-8") for p in (DOCS / "law").glob("*.md"))
    assert [e.sentence for e in examples() if f"“{e.sentence}” ({e.basis})" not in words] == []
    assert words.count("\n“") == len(examples()), "each once"
    assert undocumented(retentions(), "law") == []


def test_every_rule_that_was_read_nowhere_says_so_on_its_page() -> None:
    for rule in load_law().rules.values():
        page = (DOCS / "law" / f"{rule.id.split('-')[0].lower()}.md").read_text("utf-8")
        section = page.split(f"## `{rule.id}` ", 1)[1].split("\n## ", 1)[0]
        unread = sum(v.source.verified == "unread" for v in rule.versions)
        assert section.count("Nguồn: **chưa đối chiếu**") == unread, rule.id


def test_every_day_of_the_calendar_that_differs_is_documented_with_its_decision() -> None:
    page = (DOCS / "law" / "lich.md").read_text("utf-8")
    files = sorted((SOURCE / "law" / "calendars").glob("*.toml"))
    assert tuple(int(f.stem) for f in files) == load_law().calendar.years
    notes = [n for f in files for n in load_year(f.read_text("utf-8"), f.name)[1]]
    lines = [line for line in page.splitlines() if line.startswith("| ")]
    missing = [n.day for n in notes if not any(f"| {n.day:%d/%m/%Y} |" in x and n.name in x and n.source in x for x in lines)]
    assert missing == []


@pytest.mark.parametrize("kind", kinds().values(), ids=lambda k: k.id)
def test_every_step_action_event_clock_field_and_paper_of_a_kind_is_documented(kind) -> None:
    names = [kind.id, *kind.steps, *kind.edges, *kind.clocks, *kind.fields, *kind.tags, *kind.chains]
    page = (DOCS / "kinds" / f"{kind.id}.md").read_text("utf-8")
    missing = [n for n in names if f"`{n}`" not in page]
    assert missing == []


def test_every_common_event_role_guard_and_paper_is_documented() -> None:
    assert undocumented([*KERNEL_TAGS, *ROLES, *GUARD_TESTS, *kinds()], "kinds") == []
    assert undocumented(paper_forms(), "reference") == []


def test_every_command_and_option_is_documented() -> None:
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        from docgen.commands import walk  # type: ignore[import-not-found]
    finally:
        sys.path.remove(str(ROOT / "tools"))
    from trongdan.doors.cli.main import cli

    found = list(walk(cli))
    assert {"trongdan run", "trongdan law due", "trongdan letters import"} <= {path for path, _ in found}
    options = {o for _path, command in found for p in command.params for o in (*p.opts, *p.secondary_opts) if o.startswith("-")}
    assert undocumented([path for path, _ in found[1:]], "reference") == []
    words = (DOCS / "reference" / "commands.md").read_text("utf-8")
    assert [o for o in sorted(options - {"--version"}) if f"`{o}`" not in words] == []


def test_the_generator_has_words_for_every_type_guard_watch_and_unit() -> None:
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        from docgen import kinds as words  # type: ignore[import-not-found]
        from docgen.law import GROUPS, group, unit
    finally:
        sys.path.remove(str(ROOT / "tools"))
    assert FIELD_TYPES - set(words.FIELD_TYPES) == set()
    assert set(words.TESTS) == GUARD_TESTS
    assert set(words.WATCH_TESTS) == WATCHES
    assert {c.whose for k in kinds().values() for c in k.clocks.values()} <= set(words.WHOSE)
    assert all(unit(u) for u in Unit)
    assert {group(r) for r in load_law().rules} <= set(GROUPS)


def test_every_address_of_the_api_is_documented() -> None:
    document = json.loads((ROOT / "tests" / "doors" / "api" / "openapi.json").read_text("utf-8"))
    operations = [f"{method.upper()} {path}" for path, methods in document["paths"].items() for method in methods]
    assert undocumented(operations, "reference") == []


def test_the_glossary_is_in_order_and_covers_every_kind_and_every_room_of_the_kernel() -> None:
    words = (DOCS / "glossary.md").read_text("utf-8")
    terms = re.findall(r"^\| `([^`]+)`", words, re.MULTILINE)
    assert terms == sorted(terms, key=str.lower), "alphabetical"
    assert len(terms) == len(set(terms))
    modules = {f.stem for f in (ROOT / "src" / "trongdan" / "kernel").glob("*.py")} - {"__init__"}
    missing = [name for name in sorted(modules | set(ROLES) | {s for k in kinds().values() for s in k.steps}) if name not in terms]
    assert missing == []


def _anchors(text: str) -> set[str]:
    """The anchors a page has, as GitHub makes them from its headings."""
    out = set()
    for heading in HEADING.findall(text):
        plain = re.sub(r"[`*_\[\]]|\([^)]*\)", "", heading).strip().lower()
        out.add(re.sub(r"[^\w\- ]", "", plain).replace(" ", "-"))
    return out


def test_every_relative_link_of_the_pages_leads_somewhere() -> None:
    broken = []
    for page, text in documents().items():
        outside_code = re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL)
        for link, image in LINK.findall(outside_code):
            target = unquote(link or image)
            if re.match(r"[a-z]+:", target):
                continue
            path, _, anchor = target.partition("#")
            file = (page.parent / path).resolve() if path else page
            if not file.exists():
                broken.append(f"{page.relative_to(ROOT)}: {target}")
            elif anchor and file.suffix == ".md" and anchor not in _anchors(file.read_text("utf-8")):
                broken.append(f"{page.relative_to(ROOT)}: {target} (không có đề mục)")
    assert broken == []


def test_every_page_of_the_docs_can_be_reached_from_the_index() -> None:
    texts, seen, todo = documents(), set(), [DOCS / "README.md"]
    while todo:
        page = todo.pop()
        if page in seen or page not in texts:
            continue
        seen.add(page)
        todo += [(page.parent / unquote(link.partition("#")[0])).resolve() for link, _ in LINK.findall(texts[page]) if link]
    lost = [str(p.relative_to(ROOT)) for p in texts if DOCS in p.parents and p not in seen and p.parent.name != "decisions"]
    assert lost == []
