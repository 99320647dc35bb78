"""What makes a query a question, and English words where all shows are French. A question is cut at
its beginning, in French and English, and at its end, as French is spoken (« la QPC, c'est quoi ?
»). Lines of `english.txt`: `housing = logement`; `the =` says nothing. Pure."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib import resources

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
_HERE = rf"(?:un |une |des |quelques? )?(?:trucs?|choses?|infos?|{_EPISODES})"
_OPENINGS = (
    rf"(?:dans |in )?(?:quel(?:le)?s?|which|what) {_EPISODES} ",
    rf"(?:lequel|laquelle|lesquell?e?s) (?:des? |d')?(?:{_EPISODES} )?",
    r"quel(?:le)?s? (?:est|sont) ",
    r"quel(?:le)?s? (?=\S+ \S)",
    r"est-ce (?:que |qu')?",
    r"qu'est-ce (?:que (?:c'est (?:que )?)?|qu'|qui (?:se passe |s'est passé )?)",
    r"qu'(?:a|ont|avez|as)(?:-t-(?:on|il|elle)|-(?:vous|ils|elles|tu))? (?:dit|fait|pensé) ",
    r"que (?:dit|disent|pensent?|signifi(?:e|ent)|ve(?:u|ul)(?:t|ent) dire) ",
    r"que (?:s'est-il passé|se passe-t-il) ",
    r"c'est (?:quoi|qui) ",
    r"c quoi ",
    r"(?:ça|cela) (?:ve(?:u|ul)t dire|signifie|sert à|parle de|fait) quoi ",
    rf"{_WHO} (?:sait|savent|pense|pensent) (?=quoi )",
    rf"(?:de )?quoi {_ABOUT}",
    r"de quoi parl(?:e|ent|ez)(?:-t-on)? (?=\S)",
    rf"(?:l'|cette |cet )(?:émission|épisode) {_ABOUT}",
    r"(?:y a-t-il|il y a|is there|are there|avez-vous) ",
    rf"(?:t'as|tu as|as-tu|vous avez|avez-vous|on a|y a) {_HERE} {_ABOUT}",
    r"(?:peut|doit|faut|est|a|va|existe)-(?:t-)?(?:on|il|elle|ils|elles) ",
    r"(?:connaissez-vous|connais-tu|savez-vous|sais-tu) ",
    r"(?:what|who|where)(?:'s| is| are| was| were) ",
    r"(?:what|how) about ",
    r"(?:je cherche|dites-moi|i'm looking for|i am looking for|show me|tell me) ",
    r"(?:qui|où) (?:est|sont|était|étaient|se trouve(?:nt)?) ",
    r"qui (?:a|ont) (?=\S+ \S)",
    r"quand (?:a|ont|aura) (?:eu )?lieu ",
    r"(?:depuis|jusqu'à) quand ",
    r"(?:depuis )?combien (?:de temps |(?:y a-t-il |il y a )?(?:de |d')|ça (?=coûte))?",
    r"comment (?:ça marche |on |se )?",
    r"d'où vien(?:t|nent) ",
    r"(?:à|de|avec|contre|pour|par|en) (?:quoi|qui) (?!bon\b)(?:ser(?:t|vent) )?",
    r"pour quelles? raisons? ",
    r"(?:pourquoi|how|why) ",
    r"(?:qui|où|quand|que|who|when|where) ",
)
_CLOSING = (
    r",? (?:ça |c'|on |il |elle |ils |elles |vous |tu )?(?:en )?"
    r"(?:est|c|ve(?:u|ul)(?:t|ent) dire|ser(?:t|vent) à|parle de|signifie|fait|font|marche"
    r"|fonctionne|dit|dites|disent|penses|pensez|coûte|se passe)"
    r" (?:quoi|qui|comment|combien|quand|où)$"
)
_SIGNS = ("'’ʼ ", "- ", "ée", "àa", "ùu", "ûu", "çc")  # the first of each, then as people type it
_TYPED = str.maketrans({each[0]: f"[{each}]" for each in _SIGNS})
_LONGEST = 2  # words of an entry
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


_BEGINNING = rf"(?:{'|'.join((_TALK, _LIST, *_OPENINGS))})+(?=\S)"
_FRAME, _TAIL = (re.compile(it.translate(_TYPED), re.IGNORECASE) for it in (_BEGINNING, _CLOSING))
_ALONE = {"qui", "ou", "où", "quand", "que", "who", "when", "where"}
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
    if frame is not None and stated == text and frame[0].strip().lower() in _ALONE:
        return ""
    words = _TAIL.sub("", stated[frame.end() if frame else 0 :])
    return words if words != stated else ""


def in_french(text: str, is_said: Callable[[str], bool]) -> str:
    """Write a query in French; nothing where no word of it is an English one that nobody says.

    >>> in_french("the facial recognition", lambda word: word == "facial")
    'reconnaissance faciale'
    >>> in_french("reconnaissance", lambda word: False)
    ''
    """
    typed, french, is_english = [word.lower() for word in _WORD.findall(text)], list[str](), False
    while typed:
        count = next((n for n in range(_LONGEST, 0, -1) if " ".join(typed[:n]) in _entries()), 1)
        words = " ".join(typed[:count])
        own = _entries().get(words, words)
        is_english |= own not in ("", words) and not all(map(is_said, typed[:count]))
        french += [own] if own else []
        del typed[:count]
    return " ".join(french) if is_english else ""


@lru_cache(maxsize=1)
def _entries() -> Mapping[str, str]:
    table = resources.files("radio.search").joinpath("english.txt").read_text(encoding="utf-8")
    pairs = (line.partition(" =") for line in table.splitlines())
    return {english: french.strip() for english, _, french in pairs}
