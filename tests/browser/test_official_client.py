"""The vendor's own JavaScript client, in Chromium, on a page of another origin, with the offline engine as the vendor.

The package is fetched for the test and is no part of this repository; where it cannot be had, the test is skipped.
"""

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from playwright.async_api import Page, async_playwright
from starlette.staticfiles import StaticFiles

from benchmarks.browser.chrome import CHROMIUM, FLAGS
from huntgroup.domain.clock import SystemClock
from huntgroup.engine.ports import CallTool, Say
from huntgroup.server.routes.realtime import realtime_router
from huntgroup.server.serve import running
from tests.engine.doubles import Bench

PACKAGE = "@openai/agents-realtime"
FETCH_LIMIT_S = 60
PAGE = """<!doctype html><title>client</title><script type="module">
import { OpenAIRealtimeWebRTC, RealtimeAgent, RealtimeSession, tool } from "/package/openai-realtime-agents.mjs";
window.talk = async (url, apiKey) => {
  const looks = [], heard = [], kinds = new Set();
  const parameters = { type: "object", properties: {}, required: [], additionalProperties: true };
  const look = tool({ name: "look", description: "Look.", strict: false, parameters,
                      execute: async () => { looks.push("looked"); return "a cat"; } });
  const agent = new RealtimeAgent({ name: "polly", instructions: "Be brief.", tools: [look] });
  const transport = new OpenAIRealtimeWebRTC({ baseUrl: url });
  const session = new RealtimeSession(agent, { transport, model: "gpt-realtime-2.1", tracingDisabled: true });
  session.on("transport_event", (event) => {
    kinds.add(event.type);
    if (event.type === "error") heard.push("error: " + JSON.stringify(event.error));
    if (event.type === "response.output_audio_transcript.done") heard.push(event.transcript);
  });
  await session.connect({ apiKey });
  const played = () => new Promise((done) => {
    const watch = (event) => {
      if (event.type !== "output_audio_buffer.stopped") return;
      session.off("transport_event", watch);
      done();
    };
    session.on("transport_event", watch);
  });
  session.sendMessage("Hello");
  while (heard.length < 2) await played();
  const callId = transport.callId;
  session.close();
  return { looks, heard, callId, kinds: [...kinds] };
};
document.title = "ready";
</script>"""


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The client as its makers bundle it."""
    npm, folder = shutil.which("npm"), tmp_path_factory.mktemp("client")
    if npm is None:
        pytest.skip("no npm")
    try:
        fetch = [npm, "pack", PACKAGE, "--silent"]
        packed = subprocess.run(fetch, cwd=folder, capture_output=True, timeout=FETCH_LIMIT_S, check=False)
    except subprocess.TimeoutExpired:
        pytest.skip(f"{PACKAGE} cannot be had")
    if packed.returncode:
        pytest.skip(f"{PACKAGE} cannot be had")
    shutil.unpack_archive(next(folder.glob("*.tgz")), folder, filter="data")
    return folder / "package" / "dist" / "bundle"


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        flags = [*FLAGS, "--use-fake-ui-for-media-stream"]
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield await browser.new_page()
        await browser.close()


async def test_the_official_client_talks_and_runs_its_tools_on_the_offline_engine(package: Path, page: Page) -> None:
    bench = Bench([Say("Good morning."), CallTool("look", "{}")], [Say("I saw a cat.")], clock=SystemClock())
    site, vendor = FastAPI(), FastAPI()
    site.mount("/package", StaticFiles(directory=package))
    site.get("/")(lambda: HTMLResponse(PAGE))
    async with running(site) as here:
        vendor.include_router(realtime_router(bench.engine, origins={here.url}))
        async with running(vendor) as there, httpx.AsyncClient(base_url=there.url) as http:
            secret = (await http.post("/v1/realtime/client_secrets", json={})).json()["value"]
            await page.goto(here.url)
            await page.wait_for_function("document.title === 'ready'")
            talk = page.evaluate("([url, key]) => talk(url, key)", [f"{there.url}/v1/realtime/calls", secret])
            told = await asyncio.wait_for(talk, 40)
    assert told["heard"] == ["Good morning.", "I saw a cat."]
    assert told["looks"] == ["looked"]
    assert told["callId"].startswith("rtc_")


async def test_a_page_of_a_site_that_is_not_named_may_not_call(page: Page) -> None:
    site, vendor = FastAPI(), FastAPI()
    site.get("/")(lambda: HTMLResponse("<title>elsewhere</title>"))
    vendor.include_router(realtime_router(Bench(clock=SystemClock()).engine, origins={"https://www.example.com"}))
    async with running(site) as here, running(vendor) as there:
        await page.goto(here.url)
        post = "url => fetch(url, {method: 'POST', headers: {Authorization: 'x'}}).then(() => 'read', () => 'kept out')"
        assert await page.evaluate(post, f"{there.url}/v1/realtime/calls") == "kept out"
