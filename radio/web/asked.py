"""What somebody asked for in a form, given back where it could not be done."""

from flask import request


def asked_fields() -> list[tuple[str, str]]:
    """Give what a form says, in its order, without its token."""
    return [(name, text) for name, text in request.form.items(multi=True) if name != "token"]
