"""The page of the desk on which a keeper takes a passage out of an episode, chosen twice."""

from typing import Any

from werkzeug.wrappers import Response as AnyResponse

from radio.actions.redacting import FIELDS, Request, passage_of, take_out, words_of
from radio.archive.episode import Episode
from radio.text.aligned import tell_apart
from radio.web.action_page import ActionPage, Submission, who
from radio.web.context import catalogue


class RedactionPage(ActionPage[Request]):
    """Ask for a passage; show what will be gone; then have it done, and tell how far that is."""

    endpoint, place, chore = "redaction", "redact", "redact"
    template, sure = "desk_redact.html", "desk_redact_sure.html"
    fields = FIELDS

    def first(self, episode: Episode) -> Submission[Request]:
        """Ask for silence."""
        return Submission({"cover": "silence"})

    def mean(self, episode: Episode, asked: Submission[Request]) -> Request:
        """Give the passage; it is one, and somebody can read the text."""
        meant = Request(**asked.values, who=who())
        words_of(catalogue().archive, episode, meant)
        return meant

    def seen(self, episode: Episode, asked: Submission[Request]) -> tuple[object, ...]:
        """Name the sound, and the words that go."""
        if asked.meant is None:
            return ()
        return episode.audio.sha256, words_of(catalogue().archive, episode, asked.meant)[0]

    def preview(
        self, episode: Episode, asked: Submission[Request], meant: Request
    ) -> dict[str, Any]:
        """Show the words that go, and those that stay."""
        before, after = tell_apart(*words_of(catalogue().archive, episode, meant))
        passage = passage_of(episode, meant)
        return {"meant": meant, "passage": passage, "before": before, "after": after}

    def act(self, episode: Episode, asked: Submission[Request], meant: Request) -> AnyResponse:
        """Begin it."""
        archive, index = catalogue().archive, catalogue().index
        return self.begin(
            episode, lambda progress: take_out(archive, index, episode, meant, progress)
        )


RedactionPage().register()
