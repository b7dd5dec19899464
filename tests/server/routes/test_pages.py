"""Pages are sent once, small, and under a policy that lets them ask nobody but us."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest

from huntgroup.server.app import create_app
from huntgroup.server.assets import PAGES
from tests.server.dummy_house import DummyHouse

MOST_BYTES_OVER_THE_WIRE = 40_000


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(create_app(DummyHouse()))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://house") as client:
        yield client


def addresses(html: str) -> list[str]:
    return sorted(set(re.findall(r'(?:href|src)="(/[^"]+)"', html)))


async def test_the_page_names_the_teams_and_the_chosen_one(http: httpx.AsyncClient) -> None:
    html = (await http.get("/demo/parrot")).text
    assert '<option value="parrot" selected>Parrot</option>' in html
    assert '<option value="&lt;odd&amp;name&gt;">' in html
    assert "{{" not in html
    assert (await http.get("/demo/nobody")).status_code == 404


async def test_a_page_may_ask_nobody_else_and_run_nothing_inline(http: httpx.AsyncClient) -> None:
    page = await http.get("/demo")
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'")
    assert "unsafe" not in policy
    assert page.headers["x-content-type-options"] == "nosniff"
    assert re.findall(r"https?://| style=|<script>| on\w+=", page.text) == []


async def test_files_are_kept_for_ever_and_the_page_is_asked_for_again(http: httpx.AsyncClient) -> None:
    page = await http.get("/demo")
    for address in addresses(page.text):
        file = await http.get(address)
        assert (file.status_code, file.headers["cache-control"]) == (200, "public, max-age=31536000, immutable")
    again = await http.get("/demo", headers={"If-None-Match": page.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_a_file_of_an_older_version_is_not_kept(http: httpx.AsyncClient) -> None:
    assert (await http.get("/pages/demo/0ld/app.js")).headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", ["demo/x/..%2f..%2fassets.py", "demo/x/nothing.js", "server/x/app.js"])
async def test_nothing_else_is_served(http: httpx.AsyncClient, path: str) -> None:
    assert (await http.get(f"/pages/{path}")).status_code == 404


async def test_the_whole_page_is_small_over_the_wire(http: httpx.AsyncClient) -> None:
    page = await http.get("/demo")
    total = 0
    for address in ["/demo", *addresses(page.text)]:
        async with http.stream("GET", address, headers={"Accept-Encoding": "gzip"}) as answer:
            total += sum([len(chunk) async for chunk in answer.aiter_raw()])
    assert total < MOST_BYTES_OVER_THE_WIRE


def test_every_module_of_the_page_is_preloaded_and_imports_only_its_own() -> None:
    files = {path.name for path in (PAGES / "demo").iterdir()}
    for path in (PAGES / "demo").glob("*.js"):
        imports = set(re.findall(r'^import .* from "\./([^"]+)";', path.read_text(), flags=re.MULTILINE))
        assert imports <= files
        assert "import(" not in path.read_text()
