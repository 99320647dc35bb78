"""What a query was taken for, told in sentences: on the pages, and in the feed."""

from flask_babel import gettext

from radio.search import Interpretation


def tell(interpretation: Interpretation) -> list[str]:
    """Tell what was asked of a question, what was looked for instead, and what was left out."""
    sentences = []
    if interpretation.asked:
        sentences.append(
            gettext(
                "Une question se cherche par ses mots\N{NO-BREAK SPACE}: "
                "«\N{NO-BREAK SPACE}%(asked)s\N{NO-BREAK SPACE}».",
                asked=interpretation.asked,
            )
        )
    if interpretation.instead:
        sentences.append(
            gettext(
                "Un mot n’est dit nulle part. "
                "Voici les passages pour «\N{NO-BREAK SPACE}%(instead)s\N{NO-BREAK SPACE}».",
                instead=interpretation.instead,
            )
        )
    if interpretation.without:
        quoted = (
            gettext("«\N{NO-BREAK SPACE}%(word)s\N{NO-BREAK SPACE}»", word=word)
            for word in interpretation.without
        )
        sentences.append(
            gettext(
                "Rien ne réunit tous ces mots. Sans\N{NO-BREAK SPACE}: %(words)s.",
                words=", ".join(quoted),
            )
        )
    return sentences
