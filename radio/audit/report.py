"""The report of an audit: plain text, readable as Markdown, to be published as it is. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

import radio
from radio.audit.crawl import Audit, Kind, Violation
from radio.system.words import Words, words_of

NAMED = 5  # pages of one finding
LONGEST = 300  # characters of what a site wrote


def render(audit: Audit, language: str) -> str:
    """Write the report in French or English."""
    words, number = words_of(language), len(audit.findings)
    say = words.say
    title = re.sub(r"([\\`*_\[\]<>])", r"\\\1", plain(audit.title or audit.address))
    about = [
        say("Adresse\u00a0: {address}", address=plain(audit.address)),
        say("Date\u00a0: {date} UTC", date=f"{audit.date:%Y-%m-%d %H:%M}"),
        say("Outil\u00a0: `radio audit`, version {version}", version=radio.__version__),
        say("Constats\u00a0: {number}", number=number or say("aucun")),
    ]
    way = say(
        "Tous les liens du site ont été suivis de l’extérieur, comme par une personne qui le "
        "visite sans compte."
    )
    looked = [
        say("Pages\u00a0: {number}", number=audit.pages),
        say("Autres fichiers\u00a0: {number}", number=audit.files),
        say(
            "Enregistrements\u00a0: {number}, dont {texts} avec leur transcription",
            number=audit.recordings,
            texts=audit.transcribed,
        ),
        say("Redirections à l’intérieur du site\u00a0: {number}", number=len(audit.redirects)),
    ]
    if audit.stopped:
        units = {"addresses": say("adresses"), "findings": say("constats"), "MiB": say("Mio")}
        most, unit = audit.stopped.split(" ")
        limit = f"{most} {units.get(unit, unit)}"
        looked.append(say("Arrêté avant la fin du site\u00a0: plus de {limit}", limit=limit))
    parts = [
        "# " + say("Audit de vie privée\u00a0: {site}", site=title),
        _listed(about),
        "## " + say("Ce qui a été regardé"),
        way,
        _listed(looked),
    ]
    for kind, (name, meaning) in _kinds(words).items():
        found = _findings([each for each in audit.findings if each.kind == kind], words)
        parts += [f"## {name}", meaning, _listed(found) or say("Rien trouvé.")]
    parts += ["## " + say("Ce que cet audit ne voit pas"), _listed(_unseen(words))]
    return "\n\n".join(parts) + "\n"


def _kinds(words: Words) -> Mapping[Kind, tuple[str, str]]:
    """Name each kind of finding, and tell what is looked for and why."""
    say = words.say
    return {
        "off-site request": (
            say("Requêtes vers d’autres sites"),
            say(
                "Une page qui charge un script, un style, une image, un son ou une police depuis "
                "un autre site, ou lui envoie un formulaire, dit à ce site qui la lit. On cherche "
                "aussi les redirections vers ailleurs et les adresses d’autres sites écrites dans "
                "les scripts. Un simple lien, qu’on choisit de suivre, n’en est pas une."
            ),
        ),
        "inline code": (
            say("Code dans les pages"),
            say(
                "Quand scripts et styles tiennent dans des fichiers du site, le navigateur peut "
                "refuser tout code que quelqu’un aurait glissé dans une page. On cherche celui "
                "qui est écrit dans les pages."
            ),
        ),
        "cookie": (
            say("Cookies"),
            say(
                "Un cookie permet de reconnaître une personne d’une visite à l’autre. On en "
                "cherche dans chaque réponse, et dans les scripts."
            ),
        ),
        "header": (
            say("Règles données au navigateur"),
            say(
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
            say("Liens morts"),
            say(
                "Chaque adresse du site que nomme une page, un flux ou le plan du site doit "
                "répondre."
            ),
        ),
        "dead anchor": (
            say("Endroits introuvables"),
            say("Un lien vers un endroit d’une page (une phrase, un titre) doit y mener."),
        ),
        "missing transcript": (
            say("Transcriptions manquantes"),
            say(
                "La page de chaque enregistrement doit donner aussi son texte, pour qui ne peut "
                "pas l’entendre."
            ),
        ),
    }


def _unseen(words: Words) -> list[str]:
    """Tell what no audit from outside finds."""
    return [
        words.say(
            "Les adresses qui ne diffèrent que par les valeurs de leurs paramètres (deux "
            "recherches, deux secondes d’un même épisode) n’ont été demandées qu’une fois."
        ),
        words.say(
            "Du son, des images et des fichiers à télécharger, un octet a été demandé\u00a0: ils "
            "sont là\u00a0; leur contenu n’a pas été regardé."
        ),
        words.say("Les scripts ont été lus, pas exécutés."),
        words.say(
            "Ce que le serveur, son hébergeur ou un fournisseur d’accès notent des visites ne se "
            "voit pas de l’extérieur."
        ),
    ]


def _findings(findings: Iterable[Violation], words: Words) -> Iterator[str]:
    """Write each thing found once, with the pages on which it is."""
    where = defaultdict(list)
    for each in findings:
        where[each.what].append(each.page)
    for what, pages in where.items():
        places = ", ".join(_code(page) for page in pages[:NAMED])
        told = _code(what) + ", " + words.say("sur {pages}", pages=places)
        more = words.say(" et {number} de plus", number=len(pages) - NAMED)
        yield told + more if len(pages) > NAMED else told


def _listed(items: Iterable[str]) -> str:
    return "\n".join(f"- {item}" for item in items)


def _code(text: str) -> str:
    """Write what a site wrote as code, which no Markdown in it can end."""
    return f"`{plain(text).replace('`', '´')}`"


def plain(text: str) -> str:
    """Take away what could steer a terminal, and what is too long.

    >>> plain("a\\x1b[31mb\\nc")
    'a�[31mb�c'
    """
    line = "".join(c if c.isprintable() else "�" for c in text[:LONGEST])
    return line + ("…" if len(text) > LONGEST else "")
