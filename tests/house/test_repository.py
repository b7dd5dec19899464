"""What git may hold: no addresses of registries, no locks that record hosts, nothing generated."""

import re
import subprocess

import pytest

from tests.house.source_tree import ROOT

HOSTS = [f"{name}.{domain}" for name, domain in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"))]
HOSTS += [f"{name}.org" for name in ("registry.npmjs", "deb.debian", "conda.anaconda")]
FORBIDDEN_NAMES = {"uv.lock", "pylock.toml", "poetry.lock", "Pipfile.lock"}
LARGEST_BYTES = 2_000_000


@pytest.fixture(scope="module")
def tracked() -> list[str]:
    """Return the files that git tracks; a source archive without git has nothing to check."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listing.returncode != 0:
        pytest.skip("no git checkout")
    return [name for name in listing.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_no_file_names_a_registry_host(tracked: list[str]) -> None:
    pattern = re.compile("|".join(re.escape(host) for host in HOSTS).encode())
    assert [name for name in tracked if pattern.search((ROOT / name).read_bytes())] == []


def test_no_lock_that_records_hosts(tracked: list[str]) -> None:
    assert [name for name in tracked if name.rsplit("/", 1)[-1] in FORBIDDEN_NAMES] == []


def test_the_lock_has_hashes_and_no_addresses() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pins = re.split(r"^(?=[A-Za-z0-9])", lock, flags=re.MULTILINE)[1:]
    assert pins
    assert [pin.split()[0] for pin in pins if "--hash=sha256:" not in pin] == []
    assert re.findall(r"://|^-|\s@\s", lock, flags=re.MULTILINE) == []


def test_nothing_large_is_tracked(tracked: list[str]) -> None:
    assert [name for name in tracked if (ROOT / name).stat().st_size > LARGEST_BYTES] == []


def test_the_lock_has_every_package_that_the_project_names() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    named = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    locked = set(re.findall(r"^([A-Za-z0-9._-]+)==", (ROOT / "requirements.lock").read_text(), flags=re.MULTILINE))
    missing = [spec for spec in named if _normal(re.split(r"[\[<>=!~; ]", spec)[0]) not in {_normal(n) for n in locked}]
    assert missing == []


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
