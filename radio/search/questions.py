"""Questions: « qui a parlé de reconnaissance faciale ? » is asked by its words.

What only makes it a question is cut off at the beginning, in French and in English.
"""

import re

_ABOUT = r"(?:(?:à propos |au sujet )?(?:de |des |du |d')|sur |about |of |on |avec |with )"
_EPISODES = r"(?:épisode|émission|passage|moment|episode|show|programme)s?"
_SPEAK = r"(?:parl(?:e|ent|ez|ons|é)|discut(?:e|ent|é)|talk(?:ed|s|ing)?|sp(?:eak|eaks|oke|oken))"
_SAYS = r"(?:dit|disent|évoqu(?:e|ent|é)|mentionn(?:e|ent|é)|mention(?:s|ed)?|discuss(?:es|ed)?)"
_TURNED = r"(?:-t-(?:on|il|elle|ils|elles)|-(?:vous|nous|tu|on|ils?|elles?))"
_WHO = (
    r"(?:on|il|elle|ils|elles|vous|nous|l'on|qui|où|they|you|he|she|we|that|which"
    r"|anyone|anybody|someone|quelqu'un)"
)
_HELPS = rf"(?:(?:a|ont|as|avez|avons|has|have|had|did|do|does|is|are|was|were){_TURNED}?)"
_TALK = (
    rf"(?:{_WHO} )*(?:{_HELPS} )?(?:{_WHO} )*(?:déjà |ever )?"
    rf"(?:{_SPEAK}{_TURNED}? {_ABOUT}|{_SAYS} |(?:est-il|il est) question {_ABOUT})"
)
_SOME = r"(?:(?:les?|la|l'|des|une?|quelques|the|an?|any|all) ?)"
_LIST = (
    rf"{_SOME}?{_EPISODES} (?:{_ABOUT}|(?:dans|in) (?=les?quel|où|which)|(?=qui |où |that |which ))"
)
_OPENINGS = (
    rf"(?:dans |in )?(?:quel(?:le)?s?|which|what) {_EPISODES} ",
    r"quel(?:le)?s? (?:est|sont) ",
    r"est-ce (?:que |qu')",
    r"qu'est-ce (?:que (?:c'est (?:que )?)?|qu'|qui )",
    r"c'est (?:quoi|qui) ",
    r"(?:y a-t-il|il y a|is there|are there|avez-vous) ",
    r"(?:what|who|where)(?:'s| is| are| was| were) ",
    r"(?:what|how) about ",
    r"(?:je cherche|dites-moi|i'm looking for|i am looking for|show me|tell me) ",
    r"qui (?:est|sont|était) ",
    r"(?:comment|pourquoi|combien (?:de |d')?|how|why) ",
    r"(?:qui|où|quand|que|who|when|where) ",
)
_TYPED = {"'": "['’ʼ ]", "-": "[- ]", "é": "[ée]", "à": "[àa]", "ù": "[ùu]"}  # as people type
OPENING = "".join(
    _TYPED.get(sign, sign) for sign in rf"(?:{'|'.join((_TALK, _LIST, *_OPENINGS))})+(?=\S)"
)
"""What makes a question only: an expression that browsers read as well, whatever the case."""
_FRAME = re.compile(OPENING, re.IGNORECASE)
ALONE = {"qui", "ou", "où", "quand", "que", "who", "when", "where"}
_MARK = re.compile(r"[\s\u00a0\u202f]*\?+\s*$")


def asked(text: str) -> str:
    """Give the words of a question; nothing where it is none.

    >>> asked("qui a parlé de reconnaissance faciale ?"), asked("C’est quoi la QPC ?")
    ('reconnaissance faciale', 'la QPC')
    >>> asked("la reconnaissance faciale"), asked("qui vive")
    ('', '')
    """
    stated = _MARK.sub("", " ".join(text.split()))
    frame = _FRAME.match(stated)
    if frame is None or (stated == text and frame[0].strip().lower() in ALONE):
        return ""
    return stated[frame.end() :]
