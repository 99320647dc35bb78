"""The report of an audit: plain text, readable as Markdown, to be published as it is. Pure."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import get_args

import radio
from radio.audit.crawl import Audit, Kind, Violation

LANGUAGES = ("fr", "en")
NAMED = 5  # pages of one finding
LONGEST = 300  # characters of what a site wrote

TEXTS = {
    "title": ("Audit de vie privée : {}", "Privacy audit: {}"),
    "address": ("Adresse : {}", "Address: {}"),
    "date": ("Date : {} UTC", "Date: {} UTC"),
    "tool": ("Outil : `radio audit`, version {}", "Tool: `radio audit`, version {}"),
    "number": ("Constats : {}", "Findings: {}"),
    "none": ("Constats : aucun", "Findings: none"),
    "looked": ("Ce qui a été regardé", "What was looked at"),
    "way": (
        "Tous les liens du site ont été suivis de l’extérieur, comme par une personne qui le "
        "visite sans compte.",
        "Every link of the site was followed from outside, as by somebody who visits it without "
        "an account.",
    ),
    "pages": ("Pages : {}", "Pages: {}"),
    "files": ("Autres fichiers : {}", "Other files: {}"),
    "recordings": (
        "Enregistrements : {}, dont {} avec leur transcription",
        "Recordings: {}, of which {} with their transcript",
    ),
    "redirects": ("Redirections à l’intérieur du site : {}", "Redirects within the site: {}"),
    "stopped": (
        "Arrêté avant la fin du site : plus de {} {}",
        "Stopped before the end of the site: more than {} {}",
    ),
    "unit addresses": ("adresses", "addresses"),
    "unit findings": ("constats", "findings"),
    "unit s": ("s", "s"),
    "unit MiB": ("Mio", "MiB"),
    "limits": ("Ce que cet audit ne voit pas", "What this audit does not see"),
    "queries": (
        "Les adresses qui ne diffèrent que par les valeurs de leurs paramètres (deux recherches, "
        "deux secondes d’un même épisode) n’ont été demandées qu’une fois.",
        "Addresses that differ only by the values of their parameters (two searches, two seconds "
        "of one episode) were asked for once.",
    ),
    "bytes": (
        "Du son, des images et des fichiers à télécharger, un octet a été demandé : ils sont là ; "
        "leur contenu n’a pas été regardé.",
        "Of sound, pictures and downloads one byte was asked for: they are there; what is in them "
        "was not looked at.",
    ),
    "scripts": (
        "Les scripts ont été lus, pas exécutés.",
        "Scripts were read, not run.",
    ),
    "logs": (
        "Ce que le serveur, son hébergeur ou un fournisseur d’accès notent des visites ne se voit "
        "pas de l’extérieur.",
        "What the server, its host or an access provider note of visits can’t be seen from "
        "outside.",
    ),
    "nothing": ("Rien trouvé.", "Nothing found."),
    "on": ("sur {}", "on {}"),
    "others": (" et {} de plus", " and {} more"),
    "off-site request": ("Requêtes vers d’autres sites", "Requests to other sites"),
    "off-site request means": (
        "Une page qui charge un script, un style, une image, un son ou une police depuis un autre "
        "site, ou lui envoie un formulaire, dit à ce site qui la lit. On cherche aussi les "
        "redirections vers ailleurs et les adresses d’autres sites écrites dans les scripts. Un "
        "simple lien, qu’on choisit de suivre, n’en est pas une.",
        "A page that loads a script, a style, a picture, a sound or a font from another site, or "
        "sends it a form, tells that site who reads it. Redirects that lead elsewhere and "
        "addresses of other sites in scripts are looked for too. A plain link, which one chooses "
        "to follow, is none.",
    ),
    "inline code": ("Code dans les pages", "Code in pages"),
    "inline code means": (
        "Quand scripts et styles tiennent dans des fichiers du site, le navigateur peut refuser "
        "tout code que quelqu’un aurait glissé dans une page. On cherche celui qui est écrit dans "
        "les pages.",
        "When scripts and styles are in files of the site, browsers can refuse any code that "
        "somebody slipped into a page. Code that is written in pages is looked for.",
    ),
    "cookie": ("Cookies", "Cookies"),
    "cookie means": (
        "Un cookie permet de reconnaître une personne d’une visite à l’autre. On en cherche dans "
        "chaque réponse, et dans les scripts.",
        "A cookie tells a person again from one visit to the next. They are looked for in each "
        "answer, and in scripts.",
    ),
    "header": ("Règles données au navigateur", "Rules given to browsers"),
    "header means": (
        "Chaque page doit interdire au navigateur de charger quoi que ce soit d’ailleurs "
        "(Content-Security-Policy), de dire aux autres sites d’où l’on vient (Referrer-Policy) et "
        "de deviner la nature d’un fichier (X-Content-Type-Options), et régler l’accès au micro ou "
        "à la position (Permissions-Policy). Un fichier ouvert seul ne doit rien pouvoir charger "
        "ni faire. Aucune réponse ne doit dire quel programme l’a faite, demander au navigateur "
        "d’envoyer des rapports, ni le marquer (ETag).",
        "Each page must forbid browsers to load anything from elsewhere (Content-Security-Policy), "
        "to tell other sites where one comes from (Referrer-Policy) and to guess what a file is "
        "(X-Content-Type-Options), and rule on the microphone and the position "
        "(Permissions-Policy). A file opened by itself must be unable to load or do anything. No "
        "answer may tell what program made it, ask browsers for reports, or mark them (ETag).",
    ),
    "dead link": ("Liens morts", "Dead links"),
    "dead link means": (
        "Chaque adresse du site que nomme une page, un flux ou le plan du site doit répondre.",
        "Each address of the site that a page, a feed or the sitemap names must answer.",
    ),
    "dead anchor": ("Endroits introuvables", "Places that are not there"),
    "dead anchor means": (
        "Un lien vers un endroit d’une page (une phrase, un titre) doit y mener.",
        "A link to a place on a page (a sentence, a heading) must lead there.",
    ),
    "missing transcript": ("Transcriptions manquantes", "Missing transcripts"),
    "missing transcript means": (
        "La page de chaque enregistrement doit donner aussi son texte, pour qui ne peut pas "
        "l’entendre.",
        "The page of each recording must give its text too, for those who can’t hear it.",
    ),
}


def render(audit: Audit, language: str) -> str:
    """Write the report in one of LANGUAGES."""
    words = partial(_words, LANGUAGES.index(language))
    number = len(audit.findings)
    looked = [
        words("pages", audit.pages),
        words("files", audit.files),
        words("recordings", audit.recordings, audit.transcribed),
        words("redirects", len(audit.redirects)),
    ]
    if audit.stopped:
        limit, unit = audit.stopped.split(" ")
        looked.append(words("stopped", limit, words(f"unit {unit}")))
    about = [
        words("address", plain(audit.address)),
        words("date", f"{audit.date:%Y-%m-%d %H:%M}"),
        words("tool", radio.__version__),
        words("number", number) if number else words("none"),
    ]
    title = re.sub(r"([\\`*_\[\]<>])", r"\\\1", plain(audit.title or audit.address))
    parts = [f"# {words('title', title)}", _listed(about)]
    parts += [f"## {words('looked')}", words("way"), _listed(looked)]
    for kind in get_args(Kind):
        found = _findings([each for each in audit.findings if each.kind == kind], words)
        parts += [f"## {words(kind)}", words(f"{kind} means"), _listed(found) or words("nothing")]
    unseen = (words(name) for name in ("queries", "bytes", "scripts", "logs"))
    return "\n\n".join([*parts, f"## {words('limits')}", _listed(unseen)]) + "\n"


def _words(number: int, name: str, *values: object) -> str:
    """Say a text in the language of that number."""
    return TEXTS[name][number].format(*values)


def _findings(findings: Iterable[Violation], words: Callable[..., str]) -> Iterator[str]:
    """Write each thing found once, with the pages on which it is."""
    where = defaultdict(list)
    for each in findings:
        where[each.what].append(each.page)
    for what, pages in where.items():
        places = ", ".join(_code(page) for page in pages[:NAMED])
        more = words("others", len(pages) - NAMED) if len(pages) > NAMED else ""
        yield f"{_code(what)}, {words('on', places)}{more}"


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
