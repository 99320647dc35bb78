"""The report of an audit: plain text, readable as Markdown, to be published as it is. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

import radio
from radio.audit.crawl import Audit, Kind
from radio.system.messages import _, speaking
from radio.system.words import words_of

NAMED = 5  # pages of one finding
LONGEST = 300  # characters of what a site wrote
UNITS = {"addresses": _("adresses"), "findings": _("constats"), "MiB": _("Mio")}
KINDS: Mapping[Kind, tuple[str, str]] = {
    "off-site request": (
        _("Requêtes vers d’autres sites"),
        _(
            "Une page qui charge un script, un style, une image, un son ou une police depuis un "
            "autre site, ou lui envoie un formulaire, dit à ce site qui la lit. On cherche aussi "
            "les redirections vers ailleurs et les adresses d’autres sites écrites dans les "
            "scripts. Un simple lien, que l’on choisit de suivre, ne compte pas."
        ),
    ),
    "inline code": (
        _("Code dans les pages"),
        _(
            "Quand scripts et styles sont dans des fichiers du site, le navigateur peut refuser "
            "tout code que quelqu’un aurait glissé dans une page. On cherche celui qui est écrit "
            "dans les pages."
        ),
    ),
    "cookie": (
        _("Cookies"),
        _(
            "Un cookie permet de reconnaître une personne d’une visite à l’autre. On en "
            "cherche dans chaque réponse, et dans les scripts."
        ),
    ),
    "header": (
        _("Règles données au navigateur"),
        _(
            "Chaque page doit interdire au navigateur de charger quoi que ce soit d’ailleurs "
            "(Content-Security-Policy), de dire aux autres sites d’où l’on vient "
            "(Referrer-Policy) et de deviner la nature d’un fichier (X-Content-Type-Options), "
            "et régler l’accès au micro ou à la position (Permissions-Policy). Un fichier "
            "ouvert seul ne doit rien pouvoir charger ni faire. Aucune réponse ne doit dire "
            "quel programme l’a faite, demander au navigateur d’envoyer des rapports, ni le "
            "marquer (ETag)."
        ),
    ),
    "dead link": (
        _("Liens morts"),
        _("Chaque adresse du site que nomme une page, un flux ou le plan du site doit répondre."),
    ),
    "dead anchor": (
        _("Endroits introuvables"),
        _("Un lien vers un endroit d’une page (une phrase, un titre) doit y mener."),
    ),
    "missing transcript": (
        _("Transcriptions manquantes"),
        _(
            "La page de chaque enregistrement doit donner aussi son texte, pour les personnes qui "
            "ne peuvent pas l’entendre."
        ),
    ),
}  # name of each kind of finding, what is looked for and why
UNSEEN = (
    _(
        "Les adresses qui ne diffèrent que par les valeurs de leurs paramètres (deux "
        "recherches, deux secondes d’un même épisode) n’ont été demandées qu’une fois."
    ),
    _(
        "Pour le son, les images et les fichiers à télécharger, un seul octet a été demandé\u00a0: "
        "ils sont là\u00a0; leur contenu n’a pas été regardé."
    ),
    _("Les scripts ont été lus, pas exécutés."),
    _(
        "Ce que le serveur, son hébergeur ou un fournisseur d’accès notent des visites ne se "
        "voit pas de l’extérieur."
    ),
)  # what no audit from outside finds


def render(audit: Audit, language: str) -> str:
    """Write the report in French or English."""
    with speaking(words_of(language).language):
        return "\n\n".join(_parts(audit)) + "\n"


def _parts(audit: Audit) -> Iterator[str]:
    title = re.sub(r"([\\`*_\[\]<>])", r"\\\1", plain(audit.title or audit.address))
    yield "# " + _("Audit de vie privée\u00a0: {site}", site=title)
    yield _listed(
        _("Adresse\u00a0: {address}", address=plain(audit.address)),
        _("Date\u00a0: {date} UTC", date=f"{audit.date:%Y-%m-%d %H:%M}"),
        _("Outil\u00a0: `radio audit`, version {version}", version=radio.__version__),
        _("Constats\u00a0: {number}", number=len(audit.findings) or _("aucun")),
    )
    yield "## " + _("Ce qui a été regardé")
    yield _(
        "Tous les liens du site ont été suivis de l’extérieur, comme par une personne qui le "
        "visite sans compte."
    )
    recordings = _("Enregistrements\u00a0: {number}, dont {texts} avec leur transcription")
    looked = [
        _("Pages\u00a0: {number}", number=audit.pages),
        _("Autres fichiers\u00a0: {number}", number=audit.files),
        _(recordings, number=audit.recordings, texts=audit.transcribed),
        _("Redirections à l’intérieur du site\u00a0: {number}", number=len(audit.redirects)),
    ]
    if audit.counting:
        told = _("Pages dont le lecteur dit au site qu’on l’a lancé, pour compter\u00a0: {number}")
        looked.append(_(told, number=audit.counting))
    if audit.stopped:
        most, unit = audit.stopped.split(" ")
        limit = f"{most} {_(UNITS.get(unit, unit))}"
        looked.append(_("Arrêté avant la fin du site\u00a0: plus de {limit}", limit=limit))
    yield _listed(*looked)
    for kind, (name, meaning) in KINDS.items():
        yield f"## {_(name)}"
        yield _(meaning)
        yield _listed(*_findings(audit, kind)) or _("Rien trouvé.")
    yield "## " + _("Ce que cet audit ne voit pas")
    yield _listed(*map(_, UNSEEN))


def _findings(audit: Audit, kind: Kind) -> Iterator[str]:
    where = defaultdict[str, list[str]](list)
    for each in audit.findings:
        if each.kind == kind:
            where[each.what].append(each.page)
    for what, pages in where.items():
        some = _("sur {pages}", pages=", ".join(map(_code, pages[:NAMED])))
        more = len(pages) - NAMED
        others = _(" et {number} de plus", number=more) if more > 0 else ""
        yield f"{_code(what)}, {some}{others}"


def _listed(*items: str) -> str:
    return "\n".join(f"- {item}" for item in items)


def _code(text: str) -> str:
    """Write what a site wrote as code, which no Markdown in it can end."""
    return f"`{plain(text).replace('`', '´')}`"


def plain(text: str) -> str:
    """Replace what could control a terminal, and shorten.

    >>> plain("a\\x1b[31mb\\nc")
    'a�[31mb�c'
    """
    line = "".join(c if c.isprintable() else "�" for c in text[:LONGEST])
    return line + ("…" if len(text) > LONGEST else "")
