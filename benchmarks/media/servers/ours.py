"""huntgroup as it is served: the real house and application, PostgreSQL, facts, guardrails, and traces by OTLP.

One route more than in production: `/bench/census` counts what a process that forgets nothing would gather.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks.media.servers.common import options
from benchmarks.media.team import our_team
from benchmarks.soak.census import census
from huntgroup.bootstrap import open_house
from huntgroup.server.app import create_app
from huntgroup.server.serve import run, serve
from huntgroup.settings import load_settings


async def main() -> None:
    """Serve until told to stop."""
    given = options()
    collector = urlsplit(given.model)
    with tempfile.TemporaryDirectory(prefix="huntgroup-bench-", ignore_cleanup_errors=True) as folder:
        os.chmod(folder, 0o711)
        settings = load_settings(
            model="openai",
            realtime_url=given.model,
            phone_audio="passthrough" if given.audio == "pcmu" else "pcm16",
            data_dir=Path(folder) / "data",
            port=given.port,
            max_calls=10_000,
            # The scripted model says each sentence before its sound, as the offline engine does.
            transcript_lag_ms=0,
            otlp_endpoint=f"http://{collector.netloc}",
        )
        async with open_house(settings, teams={"bench": our_team()}) as house:
            app = create_app(house)

            async def counted() -> dict[str, Any]:
                await house.settled()
                return census(house)

            app.add_api_route("/bench/census", counted)
            await serve(app, "127.0.0.1", given.port)


if __name__ == "__main__":
    run(main())
