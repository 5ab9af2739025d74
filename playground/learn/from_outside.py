"""Reading what comes from outside: addresses, files, and what an earlier version has stored."""

DAMAGED = (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError)
"""What reading raises where it finds something else than was written."""


def bounded_text(value: object, max_length: int) -> str:
    """This text, if it is one of at most so many characters. Raises ValueError."""
    if not isinstance(value, str) or len(value) > max_length:
        raise ValueError("no text, or too long")
    return value
