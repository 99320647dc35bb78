"""Make an archive, a show in one, and what is derived from the files."""

from radio.archive import Archive
from radio.archive.slugs import slugify
from radio.bags.payload import CHECKSUMS
from radio.cli.lines import say, tell, warn
from radio.cli.naming import NEW_SHOW, public_address
from radio.cli.terminal import accept_losses, flag, option, progress_bar, with_archive, with_folder
from radio.derived.chapters import CHAPTERS
from radio.derived.recipe import Failed, Kind, Made, Making, Means, Message, Reached, Recipe
from radio.ingest.files import WAVEFORMS, new_show
from radio.search import Index
from radio.search.sense.vectors import VECTORS
from radio.static_site import PAGES
from radio.system.errors import ModelError
from radio.system.messages import _
from radio.transcribe.recipes import VOICES
from radio.work.recipes import BOOKS

LABELS: dict[Kind, str] = {
    "voices": _("Voix"),
    "chapters": _("Chapitres"),
    "pages": _("Pages"),
    "checksums": _("Empreintes"),
    "waveforms": _("Ondes"),
    "sense": _("Recherche par le sens"),
    "books": _("Livrets"),
}


@with_folder
@option("--show", _("Ajouter une émission de ce nom."), _("SLUG"))
@option("--title", _("Le titre de cette émission."))
def init(archive: Archive, show: str | None, title: str | None) -> None:
    """Créer une archive vide, ou ajouter une émission à une archive."""
    archive.create()
    if show or title:
        address = public_address()
        new = new_show(archive, show or slugify(title or ""), title or show or "", address)
        say(archive.media / new.slug / "show.json")
        message = _(
            "l’émission {show} est dans cette archive ; `radio ingest FICHIER` y ajoute des "
            "enregistrements"
        )
        tell(message, show=new.slug)
        return
    shows = ", ".join(each.slug for each in archive.shows()) or _("aucune pour l’instant")
    message = _("{root} : une archive (ses émissions : {shows}) ; {example} en ajoute une")
    tell(message, root=archive.root, shows=shows, example=NEW_SHOW)


@with_archive
@flag("--rebuild", _("Le refaire à partir des fichiers."))
@flag("--pages", _("Aussi les pages qui accompagnent l’archive entière."))
@flag("--booklets", _("Aussi les livrets à imprimer et les livres des dossiers."))
@accept_losses
def index(archive: Archive, rebuild: bool, pages: bool, booklets: bool, accept: bool) -> int:
    """Mettre à jour ce qui est fait à partir des fichiers.

    C’est l’index de recherche, les formes d’onde, les voix et les chapitres proposés qui manquent,
    et les empreintes que demandent les téléchargements de l’archive entière. Si beaucoup de
    fichiers ont disparu d’un coup, comme quand un disque est débranché, ce qui en a été fait reste,
    et le code de sortie est 1.
    """
    means = Means(base_url=public_address() if booklets else "", is_hurried=True)
    failures = _make(archive, VOICES, means)
    changes = Index(archive).refresh(rebuild=rebuild, accept=accept)
    note = _(", gardés : {held}", held=changes.held) if changes.held else ""
    message = _("indexés : {indexed}, supprimés : {removed}{kept}")
    tell(message, indexed=changes.indexed, removed=changes.removed, kept=note)
    if changes.held:
        return changes.held
    last = [BOOKS] if booklets else []
    for recipe in (CHAPTERS, *([PAGES] if pages else []), CHECKSUMS, WAVEFORMS, VECTORS, *last):
        failures += _make(archive, recipe, means)
    return failures


def _make(archive: Archive, recipe: Recipe, means: Means) -> int:
    """Make what is missing by a recipe, and count the failures."""
    keys, done, failures = recipe.missing(archive), 0, 0
    if not keys:
        return 0
    with progress_bar(_(LABELS[recipe.kind])) as progress:

        def take(message: Message) -> None:
            nonlocal done, failures
            match message:
                case Reached(_, share):
                    progress(min((done + share) / len(keys), 1.0))
                case Made():
                    done += 1
                case Failed(_, text):
                    done += 1
                    failures += 1
                    warn(text)

        try:
            recipe.make(archive, keys, Making(take, means))
        except ModelError as error:
            take(Failed("", str(error)))
    return failures
