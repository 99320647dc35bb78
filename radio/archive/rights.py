"""What listeners may do with the recording of an episode. Pure. What is refused is refused on every
way out (`holdings`); the text stays to be read. Older programs ignore fields that they do not know.
Where such a field refuses something, the sidecar has a higher version, which they show nobody."""

from dataclasses import dataclass, fields
from typing import Literal

from radio.system.errors import ArchiveError
from radio.system.messages import _

Use = Literal["listen", "download", "feed"]  # who may do one of these may do those before it


@dataclass(frozen=True, slots=True)
class Rights:
    """What is allowed of the recording of an episode; all of it where nothing is said."""

    listen: bool = True  # on the site
    download: bool = True
    feed: bool = True  # the enclosure, for programs that take podcasts
    radios_only: bool = False  # it is for other radios alone to take away: they ask for it
    music_free: bool = False  # a copy without the music is offered, whatever else is refused
    reason: str = ""  # shown to listeners

    def allows(self, use: Use) -> bool:
        """Whether listeners may do that.

        >>> Rights(listen=False).allows("feed"), Rights(radios_only=True).allows("listen")
        (False, True)
        """
        if use == "listen" or not self.listen:
            return self.listen
        return self.download and not self.radios_only and (self.feed or use == "download")

    @property
    def are_whole(self) -> bool:
        """Whether all is allowed."""
        return self.allows("feed")

    @property
    def gives_music_free(self) -> bool:
        """Whether a copy without the music is offered; never where nobody may listen."""
        return self.music_free and self.listen

    def with_those_of(self, other: "Rights") -> "Rights":
        """Give what both allow, for two episodes that become one."""
        return Rights(
            listen=self.listen and other.listen,
            download=self.download and other.download,
            feed=self.feed and other.feed,
            radios_only=self.radios_only or other.radios_only,
            music_free=self.music_free and other.music_free,
            reason=self.reason or other.reason,
        )


ALL_ALLOWED = Rights()
OPEN, RESTRICTED = 1, 2  # versions of a sidecar; 0.2.0 and older read the first alone


def version_of(rights: Rights, *, noindex: bool) -> int:
    """Give the version of a sidecar: RESTRICTED where it refuses what older programs would give.

    >>> version_of(Rights(feed=False), noindex=False), version_of(ALL_ALLOWED, noindex=False)
    (2, 1)
    """
    return OPEN if rights.are_whole and not noindex else RESTRICTED


def require_version(version: object, where: object) -> None:
    """Raise ArchiveError for an unknown version of a sidecar: it may refuse anything."""
    if version not in (OPEN, RESTRICTED):
        message = _(
            "{where} : version {version!r:.40}, mais ce `radio` ne lit que {versions} ; l’épisode "
            "n’est montré à personne, un `radio` plus récent peut le lire"
        )
        raise ArchiveError(message, where=where, version=version, versions=f"{OPEN}, {RESTRICTED}")


def require_known(rights: object, where: object) -> None:
    """Raise ArchiveError for an unknown field: a typo must not give what is refused."""
    known = [field.name for field in fields(Rights)]
    for name in rights if isinstance(rights, dict) else ():
        if name not in known:
            message = _("{where} : rights : {name!r:.40} ne fait pas partie de {names}")
            raise ArchiveError(message, where=where, name=name, names=", ".join(known))
