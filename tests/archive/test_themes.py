"""What keepers decide of themes stays decided."""

from pathlib import Path

import pytest

from radio.archive.themes import FILE, Theme, accept, read_themes, refuse
from radio.system.errors import ArchiveError


def test_a_name_is_accepted_once_and_refused_for_good(tmp_path: Path) -> None:
    accept(tmp_path, [Theme("Bellevue"), Theme("Louise Michel", kind="person")])
    accept(tmp_path, [Theme("Bellevue")])
    refuse(tmp_path, ["Bonsoir Paris"])
    refuse(tmp_path, ["Bellevue", "Bonsoir Paris"])
    known = read_themes(tmp_path)
    assert [each.name for each in known.themes] == ["Louise Michel"]
    assert known.refused == ("Bonsoir Paris", "Bellevue")
    accept(tmp_path, [Theme("Bellevue")])
    assert read_themes(tmp_path).refused == ("Bonsoir Paris",)


def test_what_a_keeper_wrote_beside_is_kept_and_a_typo_told_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / FILE
    path.write_text('{"version": 1, "themes": [{"name": "A"}], "note": "à relire"}', "utf-8")
    refuse(tmp_path, ["B"])
    assert '"note": "à relire"' in path.read_text("utf-8")
    path.write_text('{"version": 1, "themes": [{"nom": "A"}]}', encoding="utf-8")
    with pytest.raises(ArchiveError, match=r"themes\.json.*name"):
        read_themes(tmp_path)
