"""Names that nobody typed: found in the catalogue and in reread texts, told to the machine, written
where it misheard them; never one that was replaced, refused or withdrawn."""

import dataclasses
from pathlib import Path

import pytest

from radio.actions.pseudonymising import Replacement, replace_name
from radio.archive import Archive, themes
from radio.archive.episode import Episode, Link, Person
from radio.sound.container import clip
from radio.text.transcript import PAUSE, Cue, Transcript, Word, render_evidence
from radio.transcribe.corrections import apply_again, find_misheard, write_names
from radio.transcribe.names import known_names, names_in, prompt_of
from tests.heard import KEY, edit, evidence_of, hear, segment, transcript_of, write_cues
from tests.processes import radio
from tests.samples import CITY, DEMO, MEMORY, STREET, put
from tests.tables import check, for_each

OTHER, THIRD = f"emission/{CITY}", f"emission/{MEMORY}"


def change(archive: Archive, key: str = KEY, **fields: object) -> Episode:
    changed = dataclasses.replace(archive.episode(key), **fields)  # type: ignore[arg-type]
    archive.write_episode(changed)
    return changed


def known(archive: Archive, key: str = KEY) -> list[str]:
    return [*known_names(archive, archive.episode(key))]


def reread(archive: Archive, slug: str, said: str, **fields: str) -> None:
    key = put(archive, slug, **fields).key
    write_cues(archive, key, Cue(0.0, 9.0, said), status="reread")


def text(archive: Archive, key: str = KEY) -> str:
    return " ".join(cue.text for cue in transcript_of(archive, key).cues)


def test_a_name_in_running_text_is_found_and_a_plain_word_is_none() -> None:
    hostile = "<b>Avec Zoé</b> &amp; Karim, https://Ex.org/Toto \x00<|endoftext|> Ali" + "\u202e"
    check(
        (said, names_in([said]), found)
        for said, found in (
            ("Avec Nadège Ferrandon, au Crêt de Roc.", ["Nadège Ferrandon", "Crêt de Roc"]),
            ("Les gens. Ce soir la Ville. Une ville.", []),
            ("M. Chauvet lit L’Humanité à la CNIL.", ["Chauvet", "L’Humanité", "CNIL"]),
            ("Le Procès Des Caméras", []),
            ("RADIO DIO EN DIRECT", []),
            (
                "La place du Conseil d’État,\nPuis à Lyon (Rhône)",
                ["Conseil d’État", "Lyon", "Rhône"],
            ),
            (hostile, ["Zoé", "Karim", "Ali"]),
            ("A" * 300_000 + " " + "Bo " * 50_000, []),
        )
    )


def test_what_keepers_wrote_and_reread_tells_names(archive: Archive) -> None:
    put(archive, STREET)
    people, links = (Person("Zoé Roux"),), (Link("https://x.fr", "Ce que dit Amnesty"),)
    change(archive, title="Le Soleil", description="Vu de Bellevue.", people=people, links=links)
    reread(archive, CITY, "On va à Unieux, et à Bellevue.")
    hear(archive, {0: "On va à Zinzolin."}, MEMORY)  # a machine's text proves no name
    assert known(archive) == ["Zoé Roux", "Soleil", "Bellevue", "Amnesty", "Unieux"]
    told = prompt_of(archive, archive.episode(KEY))
    assert told.endswith("de Soleil, de Bellevue, d'Amnesty et d'Unieux.")


def test_a_refused_replaced_or_withdrawn_name_never_comes_back(archive: Archive) -> None:
    hear(archive, {0: "La kni dit non à Zinkni."})
    for slug, name, fields in ((CITY, "Zinkny", {}), (MEMORY, "Cani", {"status": "withdrawn"})):
        reread(archive, slug, f"Avec {name}, et avec la Kny.", **fields)
    assert known(archive) == ["Zinkny", "Kny"]
    assert apply_again(archive, KEY)
    assert text(archive) == "La Kny dit non à Zinkny."
    told = dataclasses.replace(evidence_of(archive), parameters={"prompt": "de Zinkny."})
    archive.evidence_path(KEY).write_bytes(render_evidence(told))
    replace_name(archive, [OTHER], Replacement("Zinkny", "Camille"))
    assert evidence_of(archive).parameters == {"prompt": "de Camille."}
    replace_name(archive, [KEY], Replacement("Kny", "Léa"))
    assert [each.text for each in evidence_of(archive).names] == ["Zinkny"]
    with archive.lock():
        themes.refuse(archive.root, ["Kny"])
    change(archive, description="Avec Zinkny.")
    assert known(archive) == ["Camille"]
    assert not known(archive, OTHER), "its own text tells it nothing"
    assert apply_again(archive, KEY)
    assert text(archive) == "La kni dit non à Zinkni."


def test_many_reread_texts_are_read_once(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    one = put(archive, STREET)
    for number in range(30):
        slug = f"2001-01-{number + 1:02}-x"
        audio = dataclasses.replace(one.audio, file=f"{slug}.mp3")
        archive.write_episode(dataclasses.replace(one, slug=slug, audio=audio))
        write_cues(archive, f"emission/{slug}", Cue(0, 9, "On va à Unieux."), status="reread")
    looks, read = list[str](), Archive.transcript

    def look(self: Archive, key: str) -> Transcript | None:
        looks.append(key)
        return read(self, key)

    monkeypatch.setattr(Archive, "transcript", look)
    for _time in range(3):
        assert "Unieux" in known(archive)
    assert len(looks) == 20


NAMES = ("CNIL", "Zoé Zimmermann", "Saint-Étienne", "Solidaires")


@for_each(
    ("heard", "written"),
    [
        ("la kni, dit", "la CNIL, dit"),
        ("l'knil dit", "la CNIL dit"),
        ("Saint-Hétienne.", "Saint-Étienne."),
        ("avec Simmermann et", "avec Zimmermann et"),
        ("avec zoé zimer manne et", "avec Zoé Zimmermann et"),
        ("des gens solidaires et le nid", "des gens solidaires et le nid"),  # French words
        ("la knil", "la CNIL"),
        ("la kni! sûr", "la kni! sûr"),
        ("zoé. zimerman", "zoé. Zimmermann"),
    ],
)
def test_only_doubtful_words_that_sound_like_a_name_give_way(heard: str, written: str) -> None:
    texts = heard.replace("!", "").split()
    said = [Word(at * 0.4, at * 0.4 + 0.4, each, 0.3) for at, each in enumerate(texts)]
    if "!" in heard:
        said = [dataclasses.replace(each, probability=0.99) for each in said]
    window = dataclasses.replace(segment(("x", 0.0)), words=tuple(said))
    words = write_names(said, find_misheard(said, NAMES, [window]))
    assert " ".join(word.text for word in words) == written.replace("!", "")


def test_no_name_goes_across_a_pause_or_over_a_person_s_word(archive: Archive) -> None:
    one, other = Word(0, 1, "zoé", 0.3), Word(1 + PAUSE, 3, "zimer", 0.3)
    window = dataclasses.replace(segment(("x", 0.0)), words=(one, other))
    assert {each.start for each in find_misheard([one, other], NAMES, [window])} <= {other.start}
    hear(archive, {0: "Euh la kni dit non à la kni."})
    show = dataclasses.replace(archive.show("emission"), corrections={"la kni dit": "la Kny dit"})
    archive.write_show(show)
    change(archive, description="Vu par la CNIL.")
    assert apply_again(archive, KEY)
    assert text(archive) == "Euh la Kny dit non à la CNIL."
    edit(archive, ("non", "oui"))
    with pytest.raises(Exception, match="someone"):
        apply_again(archive, KEY)


def test_a_name_in_the_description_is_heard_right(archive: Archive, models: Path) -> None:
    put(archive, STREET, description="Vingt capteurs à Beaubrun, à Saint-Étienne.")
    with (DEMO / f"{STREET}.mp3").open("rb") as file:
        archive.audio_path(archive.episode(KEY)).write_bytes(clip(file, 10.5, 23.0))
    archive.vtt_path(KEY).unlink()
    root = ("--root", str(archive.root), "--engine", "faster")
    assert KEY in radio("transcribe", *root, RADIO_MODELS=str(models)).stdout
    assert "de Beaubrun et de Saint-Étienne" in evidence_of(archive).parameters["prompt"]
    assert "Saint-Étienne" in text(archive) and "Beaubrun" in text(archive)
