"""The documents tell the truth: links lead somewhere, and the README's settings are the program's."""

import re
from pathlib import Path

import pytest

from huntgroup.settings import Settings, env_name
from tests.house.source_tree import ROOT

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+\s+(.*)$", re.MULTILINE)


def documents() -> list[Path]:
    """Return every Markdown file that we wrote."""
    found = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("src/**/*.md"), *ROOT.glob("tests/**/*.md")]
    return sorted(found)


@pytest.mark.parametrize("document", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    targets = LINK.findall(document.read_text(encoding="utf-8"))
    assert [target for target in targets if "://" not in target and not _exists(document, target)] == []


def test_the_readme_has_every_setting_and_no_other() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = readme.split("| variable |")[1].split("\n\n")[0]
    listed = re.findall(r"^\| `([A-Z_]+)` \|", table, flags=re.MULTILINE)
    assert listed == [env_name(field) for field in Settings.model_fields]


def test_the_readme_describes_each_setting_as_the_program_does() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    missing = [name for name, field in Settings.model_fields.items() if f"| {field.description} |" not in readme]
    assert missing == []


def _exists(document: Path, target: str) -> bool:
    name, _, anchor = target.partition("#")
    path = (document.parent / name) if name else document
    if not path.exists():
        return False
    return not anchor or anchor in {_slug(title) for title in HEADING.findall(path.read_text(encoding="utf-8"))}


def _slug(title: str) -> str:
    return re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-")
