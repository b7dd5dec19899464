"""What a first visit takes over the wire."""

from __future__ import annotations

from typing import Any


async def weight_of(browser: Any, url: str) -> dict[str, Any]:
    """Load the page with an empty cache: its requests, and the bytes of their bodies packed and unpacked."""
    context = await browser.new_context()
    page = await context.new_page()
    answers: list[Any] = []
    page.on("response", lambda answer: answers.append(answer))
    await page.goto(url, wait_until="networkidle")
    packed = [(await answer.request.sizes())["responseBodySize"] for answer in answers]
    raw = [len(await answer.body()) for answer in answers]
    strangers = sum(not answer.url.startswith(url.rpartition("/demo")[0]) for answer in answers)
    await context.close()
    return {"requests": len(answers), "to others": strangers, "bytes packed": sum(packed), "bytes raw": sum(raw)}
