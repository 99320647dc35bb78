"""The beam search of openai-whisper for many windows at once, which its own takes one by one.

The beams of a window follow the same sound: they share its keys and values, so that five beams take
half as long again as one, not five times as long.
"""

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch
    import whisper


def search(
    model: "whisper.Whisper", features: "torch.Tensor", settings: "whisper.DecodingOptions"
) -> list["whisper.DecodingResult"]:
    """Decode windows (windows x frames x width, from the encoder) with a beam."""
    from whisper.decoding import DecodingTask

    class Task(DecodingTask):  # type: ignore[misc]  # whisper has no types
        """Whisper's own, told that every beam has its sound."""

        def _get_audio_features(self, features: "torch.Tensor") -> "torch.Tensor":
            return features.repeat_interleave(self.n_group, dim=0)

        def _detect_language(self, features: "torch.Tensor", tokens: "torch.Tensor") -> Any:
            return super()._detect_language(features[:: self.n_group], tokens)

    with _shared_sound(model, settings.beam_size):
        return list(Task(model, settings).run(features))


@contextlib.contextmanager
def _shared_sound(model: "whisper.Whisper", beams: int) -> Iterator[None]:
    """Let the decoder attend to a window once for all its beams."""

    def join(_: Any, inputs: tuple[Any, ...]) -> tuple[Any, ...]:
        queries, sound = inputs
        return queries.reshape(len(queries) // beams, -1, queries.shape[-1]), sound[::beams]

    def part(_: Any, __: Any, outputs: tuple[Any, ...]) -> tuple[Any, ...]:
        answers, weights = outputs
        return answers.reshape(len(answers) * beams, -1, answers.shape[-1]), weights

    hooks = [
        hook
        for block in model.decoder.blocks
        for hook in (
            block.cross_attn.register_forward_pre_hook(join),
            block.cross_attn.register_forward_hook(part),
        )
    ]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()
