"""`python -m benchmarks.survival.process`: a whole server of the survival team, as the environment says.

Prints one line of JSON with its address and its name among processes as soon as calls can come.
"""

import asyncio
import json
import logging
import sys

from benchmarks.survival.team import NAME, team
from huntgroup.bootstrap import open_house
from huntgroup.server.app import create_app
from huntgroup.server.serve import Address, serve
from huntgroup.settings import load_settings


async def main() -> None:
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(asctime)s %(name)s %(message)s")
    settings = load_settings()
    async with open_house(settings, teams={NAME: team()}) as house:
        ready: asyncio.Future[Address] = asyncio.get_running_loop().create_future()
        owner = house.ownership.owner
        ready.add_done_callback(lambda done: print(json.dumps({"url": done.result().url, "owner": owner}), flush=True))
        await serve(create_app(house), settings.host, settings.port, ready)


if __name__ == "__main__":
    asyncio.run(main())
