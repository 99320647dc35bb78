"""Note who agreed to be heard in an episode; the journal says so, and never of whom."""

from collections.abc import Sequence

from radio.actions.action import NOTE, Input
from radio.archive import Archive, journal
from radio.archive.consents import Consent, note_consent, put_consent
from radio.system.messages import _

FIELDS = (
    Input("person", is_needed=True),
    Input("given", "day", help=_("When they agreed.")),
    Input("terms", "text", 2000, help=_("To what, in their words.")),
    Input("withdrawn", "day", help=_("When they took it back.")),
    NOTE,
)


def agree(archive: Archive, names: Sequence[str], given: Consent, *, note: str = "") -> Consent:
    """Note what a person agreed to, or took back; errors and `names` as of `note_consent`."""
    with archive.lock():
        whole = note_consent(archive.root, names, given)
    journal.note(archive.root, "consent", key=names[-1], note=note)
    return whole


def note_change(
    archive: Archive,
    names: Sequence[str],
    given: Consent | None,
    old: Consent | None = None,
    *,
    note: str = "",
    who: str = "",
) -> None:
    """Note a consent in the place of another, or take that away; errors as of `put_consent`."""
    with archive.lock():
        put_consent(archive.root, names, old, given)
    facts = {} if given else {"removed": "yes"}
    journal.note(archive.root, "consent", key=names[-1], facts=facts, note=note, who=who)
