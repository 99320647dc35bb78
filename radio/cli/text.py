"""The text of an episode: aligned with the sound, its voices named, doubtful words heard again."""

from collections import Counter
from pathlib import Path

import click

from radio.archive import Archive
from radio.cli.lines import counted, say, tell
from radio.cli.naming import Several, find_episode
from radio.cli.terminal import each_of, flag, progress_bar, with_archive
from radio.cli.transcribe import with_engine, with_model
from radio.proposals.rereading import save
from radio.proposals.revision import revise
from radio.search import Index
from radio.system import process
from radio.system.messages import _
from radio.text.transcript import clock
from radio.transcribe import engines, voices
from radio.transcribe.adoption import adopt, align_text
from radio.transcribe.attribution import is_number, known_turns
from radio.transcribe.models import weights
from radio.transcribe.recipes import REHEARING
from radio.transcribe.rehearing import hear_again, missing

SHOWN = 60  # characters of what a voice first says


@with_archive
@click.argument("key", metavar="KEY")
@click.argument("text", metavar=_("TEXTE"), type=click.Path(path_type=Path))
@flag("--force", _("Remplacer même ce qu’une personne a relu ou modifié."))
@flag("--dry-run", _("Dire ce qui serait fait, sans rien écrire."))
def align(archive: Archive, key: str, text: Path, force: bool, dry_run: bool) -> None:
    """Caler sur le son un texte que des personnes ont écrit : .txt, .html, .srt, .vtt, .docx, .odt.

    Il devient le texte de l’épisode, avec les temps des mots que la machine a entendus ; l’ancien
    est gardé à côté. Les lignes que personne ne dit sont nommées et laissées de côté ; ce qui est
    dit et n’est pas dans le texte est montré. « Nom : » en tête de paragraphe nomme qui parle.
    """
    find_episode(archive, key)
    adoption = align_text(archive, key, text)
    for line in adoption.alignment.unsaid:
        tell(_("radio : pas dit : {text}"), text=line.text)
    for cue in adoption.alignment.unwritten:
        tell(_("radio : pas écrit : {at} {text}"), at=clock(cue.start), text=cue.text)
    if not dry_run:
        adopt(archive, adoption, force=force)
        Index(archive).refresh()
    say(counted(len(adoption.alignment.cues), "{n} sous-titre", "{n} sous-titres"))


@with_archive
@click.argument("key", metavar="KEY")
@click.argument("file", metavar=_("FICHIER"), type=click.Path(path_type=Path))
@flag("--dry-run", _("Dire ce qui serait fait, sans rien écrire."))
def document(archive: Archive, key: str, file: Path, dry_run: bool) -> int:
    """Reprendre un texte corrigé dans un traitement de texte, écrit par `radio export document`.

    Chaque phrase changée est dite, avant et après. Ce que quelqu’un a changé entre-temps reste
    comme il est, et les deux sont montrés ; le bureau, page « Relire », permet de choisir. Tout est
    un seul acte, que `radio undo` défait.
    """
    key = find_episode(archive, key).key
    revision = revise(archive, key, file)
    for each in revision.changes:
        message = _("{at}  {before} → {after}")
        if each.is_open:
            message = _("radio : à choisir : {at}  {before} → {after}")
        before, after = each.before or "…", each.after or "…"
        (tell if each.is_open else say)(message, at=clock(each.start), before=before, after=after)
    for line in revision.unplaced:
        tell(_("radio : sans place : {text}"), text=line.text)
    if not revision.is_known:
        tell(_("radio : il ne dit plus de quel texte il vient, ou l’archive n’a plus ce texte"))
    left = len(revision.open) + len(revision.unplaced)
    if not dry_run and revision.free:
        saved = save(archive, key, revision.free, alone=True)
        left += len(saved.conflicts)
        Index(archive).refresh()
    say(counted(len(revision.free), "{n} phrase", "{n} phrases"))
    return left


@with_archive
@click.argument("keys", nargs=-1, metavar=_("[CLÉ…]"))
@with_engine("auto", shown=True)
@with_model
def rehear(archive: Archive, keys: Several, engine: str, model: str | None) -> int:
    """Réécouter ce dont la machine n’était pas sûre, pour proposer d’autres mots à la relecture.

    Ce sont tous ses textes que personne n’a relus, ou les épisodes nommés. Aucun texte ne change :
    le bureau propose ce qui a été entendu. `radio work` le fait de lui-même, quand rien d’autre
    n’est à faire.
    """
    todo = [find_episode(archive, key).key for key in keys]
    todo = todo or [each.key for each in missing(archive)]
    process.lower_priority()
    process.spare(heaps=2)

    def hear(key: str) -> None:
        with progress_bar(key, archive.episode(key).audio.duration) as show:
            hear_again(archive, key, heard_by, show)

    with archive.lock(REHEARING, wait=False):
        heard_by = engines.load(engine, model, threads=1)
        return each_of(todo, hear)


def _read_names(_context: object, _option: object, values: Several) -> dict[int, str]:
    names = {}
    for value in values:
        number, is_given, name = value.partition("=")
        if not (is_given and is_number(number.strip())):
            raise click.BadParameter(_("{value} : écrivez-le NUMÉRO=NOM", value=value[:SHOWN]))
        names[int(number)] = name.strip()
    return names


@with_archive
@click.argument("key", required=False, metavar=_("CLÉ"))
@click.argument("names", nargs=-1, metavar=_("[NUMÉRO=NOM…]"), callback=_read_names)
@flag("--missing", _("Écouter tout ce qui ne l’a pas encore été."), "every")
@flag("--again", _("Écouter à nouveau ; les noms restent."))
@flag("--forget", _("Retirer les voix et leurs noms."))
def name_voices(
    archive: Archive, key: str | None, names: dict[int, str], every: bool, again: bool, forget: bool
) -> int:
    """Lister qui parle dans un épisode, ou nommer des voix : 1=Camille 2="Zoé" ; 1= retire un nom.

    La machine distingue les voix d’un épisode, jamais d’un épisode à l’autre. Les mots ne changent
    pas, ni ce qu’une personne a écrit.
    """
    if every == bool(key) or again + forget + bool(names) > bool(key):
        raise click.UsageError(_("nommez un épisode, ou --missing ; une chose à la fois"))
    if every:
        weights.find(weights.VOICES)
        failed = each_of(voices.untold(archive), lambda each: _listen(archive, each))
        Index(archive).refresh()
        return failed
    key = find_episode(archive, key or "").key
    if forget:
        _forget(archive, key)
    elif names:
        voices.name(archive, key, names)
    elif again or known_turns(archive, archive.episode(key)) is None:
        _listen(archive, key)
    Index(archive).refresh(rebuild=forget)  # an older index still holds what was removed
    _list(archive, key, renamed=bool(names))
    return 0


def _listen(archive: Archive, key: str) -> None:
    with progress_bar(key, archive.episode(key).audio.duration) as show:
        number = counted(voices.tell(archive, key, show), "{n} voix", "{n} voix")
    tell(f"{key}  {number}")


def _forget(archive: Archive, key: str) -> None:
    """Forget the voices. Say which names go, so that they can be given again, and what stays."""
    names = archive.episode(key).voices
    voices.forget(archive, key)
    gone = " ".join(f'{number}="{name}"' for number, name in names.items())
    tell(_("{key} : voix oubliées {names}", key=key, names=gone).rstrip())
    message = _(
        "radio: {path} : dit encore qui parle, et aucune machine n’y touche ; retirez-y `<v "
        "…>` dans un éditeur"
    )
    for path in voices.older_texts(archive, key):
        tell(message, path=path)


def _tell_doubt(key: str, voice: voices.Voice) -> None:
    """Say that a voice is not found any more, or may be another one."""
    several = _(
        "radio : la voix {number} est peut-être plusieurs personnes ; l’autre parle à {time}, "
        "et `radio text voices {key} {other}=NOM` l’en sépare"
    )
    gone = _(
        "radio: {key} : plus de voix {number}, nommée {name} ; `radio text voices {key} "
        "{number}=` retire ce nom"
    )
    same = _("radio : la voix {number} est peut-être la même que la voix {other}")
    if voice.is_part:
        tell(several, key=key, number=voice.other, other=voice.number, time=clock(voice.start))
    elif not voice.seconds:
        tell(gone, key=key, number=voice.number, name=voice.name)
    elif voice.other:
        tell(same, number=voice.number, other=voice.other)


def _list(archive: Archive, key: str, *, renamed: bool) -> None:
    """Say who speaks for how long, and if two voices have one name: they would look like one."""
    every = voices.voices_of(archive, key)
    found = [voice for voice in every if voice.seconds and not voice.is_part]
    for name, count in Counter(voice.name for voice in found).items():
        if renamed and count > 1:
            numbers = ", ".join(str(voice.number) for voice in found if voice.name == name)
            message = _("radio : les voix {numbers} s’appellent toutes {name} maintenant")
            tell(message, numbers=numbers, name=name)
    for voice in found:
        first = voice.first if len(voice.first) <= SHOWN else f"{voice.first[:SHOWN].rstrip()}…"
        say(f"{voice.number}  {voice.name}  {clock(voice.seconds)}  {voice.share:.0%}  {first}")
    if not found:
        tell(_("{key} : aucune voix ne se distingue"), key=key)
    for voice in every:
        _tell_doubt(key, voice)
