"""What every statement asks that stores something of a call: whether the call was deleted."""


def not_forgotten(call_id: str) -> str:
    """Return the condition in SQL that the call of this expression was not deleted (`storage.forgotten`)."""
    return f"not exists (select from huntgroup.forgotten_calls as gone where gone.call_id = {call_id})"
