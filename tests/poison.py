"""An episode whose every field was written by somebody who wishes harm."""

import dataclasses

from radio.archive import Archive
from radio.episode import Chapter, Link, Person
from radio.transcript import Cue, Transcript, render_vtt

FOREIGN = "http://127.0.0.1:9/canari"
HOSTILE = (
    f'<script src="{FOREIGN}.js"></script><img src="{FOREIGN}.png" onerror="alert(1)">'
    f'<iframe src="{FOREIGN}"></iframe><style>@import "{FOREIGN}.css";</style>'
    f'"><svg onload="fetch(\'{FOREIGN}\')">'
)


def poison(archive: Archive) -> str:
    (episode,) = archive.episodes()
    archive.write_show(
        dataclasses.replace(archive.show("emission"), description=HOSTILE, author=HOSTILE)
    )
    archive.write_episode(
        dataclasses.replace(
            episode,
            title=f"Les micros {HOSTILE}",
            description=f"Un texte.\n\n{HOSTILE}",
            people=(Person(HOSTILE, HOSTILE),),
            tags=(HOSTILE,),
            chapters=(Chapter(1.0, HOSTILE),),
            playlist=(HOSTILE,),
            links=(Link("javascript:alert(1)", HOSTILE), Link("https://a.example/", HOSTILE)),
        )
    )
    cues = (Cue(0.0, 3.0, f"Les micros {HOSTILE}", HOSTILE), Cue(4.0, 6.0, "Bonjour à tous."))
    path = archive.vtt_path(episode.key)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(render_vtt(Transcript(cues, {"status": HOSTILE})), encoding="utf-8")
    return episode.key
