"""Say whether this machine is well: what was looked at, what was found, what to do."""

import dataclasses

from radio.archive import Archive
from radio.cli.lines import say, say_json, tell, warn
from radio.cli.naming import public_address
from radio.cli.terminal import as_json, flag, on_port, with_folder
from radio.system.errors import RadioError
from radio.system.messages import _
from radio.work import alarm as alarms
from radio.work.doctor import INSIDE, TABLE, examine

VERDICTS = {"good": _("va bien"), "wrong": _("à régler"), "unknown": _("inconnu")}


@with_folder
@as_json
@on_port
@flag("--offline", _("Ne rien demander au site, ni ici ni par son adresse."))
@flag("--alarm", _("Ne rien dire, mais appeler RADIO_ALARM pour ce qui est nouveau ou réglé."))
def command(archive: Archive, as_json: bool, port: int, offline: bool, alarm: bool) -> int:
    """Dire si cette machine va bien, et que faire sinon.

    Python et bibliothèques, droits, disque, mémoire, modèle, horloge, unités de systemd, puis le
    site : son port (RADIO_PORT), son adresse et son certificat tels qu’on les voit du dehors, ce
    que le proxy transmet, le service oignon ; enfin l’âge des copies, les fichiers, ce qui échoue
    la nuit. Rien n’est changé. Code de sortie 1 si quelque chose est à régler.
    """
    if alarm:
        return _raise_alarms(archive.require())
    base_url = ""
    try:
        base_url = public_address()
    except RadioError as error:
        warn(error)
    told, number = list[dict[str, str]](), 0
    for row, found in examine(archive, base_url, port, INSIDE if offline else TABLE):
        number += found.verdict == "wrong"
        subject = _(row.subject)
        if as_json:
            told.append({"name": row.name, "subject": subject, **dataclasses.asdict(found)})
            continue
        first, *more = found.seen.splitlines()
        verdict, what = _(VERDICTS[found.verdict]), _("{what} :", what=subject)
        say(f"{verdict:8}  {what} {first}")
        for line in (
            *more,
            *[_("  que faire : {remedy}", remedy=found.remedy)] * bool(found.remedy),
        ):
            say(f"{'':10}{line}")
    if as_json:
        say_json(told)
    return number


def _raise_alarms(archive: Archive) -> int:
    """Call for what needs a person; `radio-alarm.service` asks."""
    if not alarms.command():
        tell(_("RADIO_ALARM ne nomme aucune commande : personne n’est appelé"))
        return 0
    for line in alarms.raise_alarms(archive):
        tell(line)
    return 0
