"""The addresses that an archive is asked for, by the file that its answers are written in."""

import itertools
import re
from collections.abc import Iterator, Sequence

ALWAYS = {
    "pages": """
        / /catalogue /catalogue?show=bonjour /themes /people /subscribe /search /search/months
        /fixity /?lang=en /catalogue?lang=en /subscribe?lang=en /search/months?lang=en
        /themes?lang=en /fixity?lang=en /share /share?lang=en&theme=dark
    """,
    "words": """
        /help /about /privacy /kept /legal /accessibility /help?lang=en /about?lang=en
        /privacy?lang=en /desk /desk/sign-in
    """,
    "lists": """
        /feed.xml /publisher.xml /shows.opml /sitemap.xml /opensearch.xml /manifest.webmanifest
        /robots.txt /sw.js /catalogue.csv /catalogue.jsonl /fixity.jsonl /fixity.sha256 /healthz
        /site.css /light.css /dark.css /logo.png /icons/192.png /static/icon.svg
        /static/icon.svg?v=1 /download/archive.zip /catalogue.csv?show=bonjour
        /download/radio-archive.zip
    """,
    "api": """
        /api/v1/episodes /api/v1/episodes?page=99 /api/v1/episodes?show=bonjour&year=2023
        /api/v1/themes /api/v1/work /api/v1/openapi.json /api/v1/search?q= /api/v1/nothing
    """,
    "wrong": """
        /nothing /nothing?lang=en /shows/nobody/ /shows/nobody/2024-01-01-rien /shows/bonjour
        /shows/bonjour/2023-05-02-avant /media/bonjour/2023-05-02-avant.mp3 /?lang=xx
        /media/..%2f..%2fsite.json /shows/../media/ /people/nobody
        /oembed?url=https://other.example/ /embed/nobody/ /share?show=nobody
        /catalogue?page=99 /icons/5.png /feed.xml?page=9
        /search?q=surveillance&page=99 /search/sheets?q=zzzz /search.epub?q=zzzz
        /download/archive.zip?q=zzzz /download/archive.zip?show=nobody /themes/%00
        /manual /manual/en/nothing /manual/fr/pictures/nothing.webp
    """,
}
QUERIES = [
    *("surveillance", "caméra de surveilance", "%22place du marché%22", "zzzz"),
    *("personne:camille", "voix:zoé place", "avant:2024 caméras -place", "micros OU caméras"),
    *("bonjour", "script", "%00"),
]
OF_FIRST_QUERY = """
    /api/v1/search?q={} /api/v1/search?q={}&sort=oldest&show=bonjour /search.xml?q={}
    /search/words.csv?q={} /search.m3u?q={} /search.xspf?q={} /search/words?q={}
    /search/listen?q={} /search/passages.mp3?q={}
    /search/months?q={}&and=rue /search/sheets?q={} /search.epub?q={} /suggest?q={}
    /search?q={}&lang=en /search?q={}&show=bonjour&exact=1 /download/archive.zip?q={}
"""
DOSSIERS = ["/themes/surveillance", "/people/camille"]
OF_DOSSIER = """
    {} {}?lang=en {}/2023 {}/2024-1 {}/feed.xml {}/sentences.csv /api/v1{} /download/dossiers{}.epub
    /download/dossiers{}.pdf
"""
OF_SHOW = """
    /shows/{}/ /shows/{}/?lang=en /shows/{}/subscribe /shows/{}/feed.xml /media/{}/show.json
    /covers/{}.png /download/archive.zip?show={} /share?show={}
    /oembed?url=https://radio.example/shows/{}/
"""
OF_FIRST_EPISODE = """
    /shows/{}?lang=en /shows/{}?t=1 /shows/{}?q=surveillance /propose/{}?thanks=1
    /embed/{}?theme=dark&lang=en /download/{}.epub
"""
OF_EPISODE = {
    "episodes": "/shows/{} /share/{}?t=0,2 /embed/{}?t=1 /propose/{}?t=1",
    "descriptions": """
        /api/v1/episodes/{} /oembed?url=https://radio.example/shows/{} /cite/{}.xml
        /cite/{}.txt?t=1,2 /cite/{}.bib /cite/{}.json?t=1 /media/{}.json {chapters}
    """,
    "texts": """
        /transcripts/{}.vtt /transcripts/{}.srt /transcripts/{}.txt /transcripts/{}.html
        /transcripts/{}.json /transcripts/{}.podcast.json /transcripts/{}.en.vtt
        /transcripts/{}.srt?download=1
    """,
    "files": """
        /media/{}.mp3 /media/{}.mp3?download=1 /media/{}.ogg /media/{}.listen.mp3 /media/{}.jpg
        /clips/{}.mp3?t=1,2 /clips/{}.mp3 /covers/{}.jpg /covers/{}.png?size=96 /cards/{}.png?t=1
        /download/{}.mp3 /download/{}.pdf /download/{}.sans-musique.mp3
    """,
}
UNHARMED = ("words", "wrong", "dossiers")
UNHARMED_ADDRESS = re.compile(
    "lang=en|openapi|/shows/.*/feed.xml|catalogue.jsonl|[?]t=1$|[?]q=surv|search.epub"
)
"""What an archive written to harm does not change, or has elsewhere."""


def addresses(
    keys: Sequence[str], shows: Sequence[str], *, is_hostile: bool
) -> Iterator[tuple[str, str]]:
    """Give the addresses of episodes, shows and all archives; of a hostile one, some in French."""
    found = [(name, each) for name, some in ALWAYS.items() for each in some.split()]
    found += (("searches", f"/search?q={each}") for each in QUERIES[-3 if is_hostile else 0 :])
    found += (("searches", form.format("surveillance")) for form in OF_FIRST_QUERY.split())
    found += (("dossiers", form.format(each)) for each in DOSSIERS for form in OF_DOSSIER.split())
    found += (("shows", form.format(each)) for each in shows for form in OF_SHOW.split())
    found += (("episodes", form.format(keys[0])) for form in OF_FIRST_EPISODE.split())
    for key, (name, forms) in itertools.product(keys, OF_EPISODE.items()):
        chapters = f"/shows/{key.replace('/', '/chapters/')}.json"
        found += ((name, form.format(key, chapters=chapters)) for form in forms.split())
    for name, address in found:
        if not is_hostile or not (name in UNHARMED or UNHARMED_ADDRESS.search(address)):
            yield name, address
