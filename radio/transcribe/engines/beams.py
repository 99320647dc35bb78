"""What openai-whisper does several times for one window, for many windows at once.

Its own beam search takes them one by one, and of samples it gives the most likely one alone. All
beams or samples of a window follow the same sound: they share its keys and values, so that three
beams take a third longer than one, not three times as long.
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
    with _shared_sound(model, features, len(features) * settings.beam_size):
        return list(_task(model, settings).run(features))


def sample(
    model: "whisper.Whisper", features: "torch.Tensor", settings: "whisper.DecodingOptions"
) -> list[list[str]]:
    """Give all texts that are drawn of each window, `settings.best_of` of them."""
    task, drawn = _task(model, settings), list[list[list[int]]]()

    class Keeper:
        """Keeps them all, where whisper asks which one is the best."""

        def rank(self, tokens: list[list["torch.Tensor"]], _scores: Any) -> list[int]:
            drawn.extend([[text.tolist() for text in texts] for texts in tokens])
            return [0] * len(tokens)

    task.sequence_ranker = Keeper()
    with _shared_sound(model, features, len(features) * settings.best_of):
        task.run(features)
    return [[task.tokenizer.decode(text).strip() for text in texts] for texts in drawn]


def _task(model: "whisper.Whisper", settings: "whisper.DecodingOptions") -> Any:
    from whisper.decoding import DecodingTask

    class Task(DecodingTask):  # type: ignore[misc]  # whisper has no types
        """Whisper's own, which counts the sounds and wants one for each beam."""

        def _get_audio_features(self, features: "torch.Tensor") -> "torch.Tensor":
            return features.new_empty(len(features) * self.n_group)

        def _detect_language(self, features: "torch.Tensor", tokens: "torch.Tensor") -> Any:
            return super()._detect_language(features[:: self.n_group], tokens)

    return Task(model, settings)


@contextlib.contextmanager
def _shared_sound(model: "whisper.Whisper", features: "torch.Tensor", beams: int) -> Iterator[None]:
    """Let the decoder attend to a window once for all its beams; `beams` of all windows."""

    def join(_: Any, inputs: tuple[Any, ...]) -> tuple[Any, ...]:
        return inputs[0].reshape(len(features), -1, inputs[0].shape[-1]), features

    def part(_: Any, __: Any, outputs: tuple[Any, ...]) -> tuple[Any, ...]:
        return outputs[0].reshape(beams, -1, outputs[0].shape[-1]), outputs[1]

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
