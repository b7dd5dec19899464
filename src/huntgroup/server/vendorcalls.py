"""A visit whose sound is at the model's server: its pass for it, and its page, which follows the call by a socket."""

from __future__ import annotations

from starlette.requests import HTTPConnection

from huntgroup.domain.errors import ModelUnavailable
from huntgroup.server.addresses import Address
from huntgroup.server.frontdesk import FrontDesk
from huntgroup.server.pagecalls import PageCall
from huntgroup.server.webcalls import Visit, WebRefused


class VendorCall(PageCall):
    """The keeper of such a visit."""


async def vendor_pass(desk: FrontDesk, connection: HTTPConnection, visit: Visit) -> dict[str, object]:
    """Return the page's pass for the model's server. Raises `WebRefused`: vendor_away (502); the visit is gone then."""
    vendor = desk.house.vendor
    assert vendor is not None
    try:
        given = await vendor.announce(visit.team, visit.call_id, own_address(connection))
    except ModelUnavailable as error:
        desk.web.forget(visit)
        raise WebRefused(502, "vendor_away", 5 if error.retryable else None) from None
    except BaseException:
        desk.web.forget(visit)
        raise
    return {"url": given.url, "secret": given.secret, "expires_at": given.expires_at}


def own_address(connection: HTTPConnection) -> str:
    """Where this process reaches its own engine: at the address it was asked at, wherever it listens.

    Only local clients may use the engine, and who comes from that very address is one.
    """
    host, port = connection.scope["server"]
    return Address(host, port).url
