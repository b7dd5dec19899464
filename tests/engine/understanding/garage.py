"""A small business that is none of ours: a car workshop with look-up, booking, moving, hours and a parts desk."""

from typing import Any

TEXT = {"type": "string"}


def tool(name: str, description: str, /, **params: dict[str, Any]) -> dict[str, Any]:
    """A tool as the protocol writes it; a parameter with `opt` is not required."""
    required = [n for n, p in params.items() if not p.pop("opt", False)]
    schema = {"type": "object", "properties": params, "required": required}
    return {"type": "function", "name": name, "description": description, "parameters": schema}


def examples(*lines: str) -> str:
    return "\n\nExamples:\n" + "\n".join(f"    {line}" for line in lines)


def workshop() -> list[dict[str, Any]]:
    return [
        tool(
            "find_customer",
            "Find the customer by name and date of birth." + examples("I'm a customer of yours", "this is Ann Roe")
            + "\n\nGrants: known_customer",
            first_name=dict(TEXT), last_name=dict(TEXT), date_of_birth={"type": "string", "description": "YYYY-MM-DD"},
        ),
        tool(
            "list_bookings",
            "List the customer's bookings." + examples("what have I got booked", "when is my car due")
            + "\n\nRequires: known_customer",
        ),
        tool(
            "book_service",
            "Book a service for a car."
            + examples("I'd like to book my car in", "my car needs a service", "can I bring the car in on Monday")
            + "\n\nRequires: known_customer\n\nEffect: write.",
            mechanic=dict(TEXT), date={"type": "string", "format": "date"},
            time={"type": "string", "description": "HH:MM"},
            service_type={"type": "string", "enum": ["oil_change", "full_inspection", "tire_change", "repair"]},
            note={"type": "string", "opt": True},
        ),
        tool(
            "move_booking",
            "Move a booking to another time." + examples("I need to move my booking", "can I bring it another day")
            + "\n\nRequires: known_customer\n\nEffect: write.",
            booking_id=dict(TEXT), new_date={"type": "string", "format": "date"}, new_time=dict(TEXT),
        ),
        tool("get_opening_hours", "Tell the opening hours." + examples("when are you open", "are you open on Sunday")),
        tool(
            "report_breakdown",
            "Send help to a car that broke down." + examples("my car is on fire", "I'm stuck on the highway")
            + "\n\nPriority: urgent",
            situation=dict(TEXT),
        ),
        tool(
            "transfer_to_parts",
            "Hand the call to the parts desk." + examples("do you have brake pads", "I need a new mirror"),
            question={"type": "string", "description": "What the caller wants."},
            known={"type": "boolean", "default": False, "description": "Whether the caller is known."},
        ),
        tool("end_call", "Say goodbye and hang up." + examples("goodbye", "that's all") + "\n\nEffect: terminal."),
    ]  # fmt: skip


class Workshop:
    """Answers for the tools: one known customer, two bookings, and 3 PM is always taken."""

    def __init__(self, *, needs: bool = True) -> None:
        self.known = not needs

    def answers(self) -> dict[str, Any]:
        return {
            "find_customer": self.find_customer,
            "list_bookings": self.list_bookings,
            "book_service": self.book_service,
            "move_booking": {"ok": True, "message": "It is moved."},
            "get_opening_hours": {"ok": True, "message": "We are open from eight to six."},
            "report_breakdown": {"ok": True, "message": "Help is on its way."},
            "transfer_to_parts": {"ok": True},
        }

    def find_customer(self, **who: str) -> dict[str, Any]:
        self.known = (who["last_name"], who["date_of_birth"]) == ("Lopez", "1985-03-04")
        if not self.known:
            return {"ok": False, "message": "I could not find that customer."}
        return {"ok": True, "message": "Thank you, Maria."}

    def list_bookings(self) -> dict[str, Any]:
        if not self.known:
            return {"ok": False, "needs": ["known_customer"], "message": "not known"}
        rows = [
            {"booking_id": "b-1", "date": "2026-12-01", "time": "15:00", "mechanic": "Sam"},
            {"booking_id": "b-2", "date": "2026-12-08", "time": "09:00", "mechanic": "Olga"},
        ]
        return {"ok": True, "message": "You have two bookings.", "bookings": rows}

    def book_service(self, **wish: str) -> dict[str, Any]:
        if wish["time"] == "15:00":
            free = [{"date": wish["date"], "time": t, "mechanic": wish["mechanic"]} for t in ("15:30", "16:00")]
            return {"ok": False, "message": "That time is taken.", "alternatives": free}
        return {"ok": True, "message": "You are booked."}
