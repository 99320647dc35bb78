"""Say whether this machine is well: what was looked at, what was found, what to do."""

import dataclasses

from radio.archive import Archive
from radio.cli.lines import say, say_json, tell, warn
from radio.cli.naming import public_address
from radio.cli.terminal import as_json, each_of, flag, on_port, with_folder
from radio.system.errors import RadioError
from radio.system.messages import _
from radio.work import alarm as alarms
from radio.work.doctor import INSIDE, TABLE, examine

VERDICTS = {"good": _("va bien"), "wrong": _("à régler"), "unknown": _("inconnu")}


@with_folder
@as_json
@on_port
@flag("--offline", _("Ne rien demander au site, ni ici ni par son adresse."))
@flag(
    "--alarm",
    _(
        "Ne rien dire, mais appeler RADIO_ALARM pour ce qui est nouveau ou réglé, et RADIO_DONE "
        "pour chaque texte prêt."
    ),
)
def command(archive: Archive, as_json: bool, port: int, offline: bool, alarm: bool) -> int:
    """Dire si cette machine va bien, et que faire sinon.

    Python et bibliothèques, droits, disque, mémoire, modèle, horloge, unités de systemd, puis le
    site : son port (RADIO_PORT), son adresse et son certificat tels qu’on les voit du dehors, ce
    que le proxy transmet, le service oignon ; enfin l’âge des copies, les fichiers, ce qui échoue
    la nuit. Rien n’est changé. Code de sortie 1 si quelque chose est à régler.
    """
    if alarm:
        return _call(archive.require())
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


def _call(archive: Archive) -> int:
    """Call for what needs a person, or is ready; `radio-alarm.service` asks."""
    calls = alarms.calls(public_address())
    if not calls:
        tell(_("RADIO_ALARM ne nomme aucune commande : personne n’est appelé"))

    def tell_lines(call: alarms.Call) -> None:
        for line in call(archive):
            tell(line)

    return each_of(calls, tell_lines)
