"""The engine of openai-whisper: windows of speech to words with their times. It imports torch only
when an engine is made. CTranslate2's `model.bin` (binary version 6: a header, then name, shape,
type and bytes of each variable) holds the same weights under other names. Query, key and value are
fused in one matrix there, and Whisper's key has no bias."""

import contextlib
import importlib.metadata
import os
import re
import struct
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from radio.sound import RATE
from radio.system.errors import ModelError
from radio.system.messages import _
from radio.text.transcript import Segment, Word
from radio.transcribe.engines import alignment
from radio.transcribe.engines.alignment import FRAME, Texts
from radio.transcribe.engines.interface import (
    VARIETY,
    Attempt,
    DecodeOptions,
    code,
    known,
    likeliest,
    most_tokens,
    segment,
)
from radio.transcribe.models.weights import Weights
from radio.transcribe.windows import HOP, Window, Windows, count_frames

if TYPE_CHECKING:
    import torch
    import whisper
    from whisper.tokenizer import Tokenizer


ALIGNED = 2  # windows at once: probabilities of the whole vocabulary take much memory
SMOOTHING = 7  # frames of the median over the attention

VERSION = 6
TYPES = {0: np.float32, 1: np.int8, 2: np.int16, 3: np.int32, 4: np.float16}
VARIABLE = re.compile(r"(encoder|decoder)/(?:layer_(\d+)/)?(.+)/(\w+)")
_NAMES = """
    position_encodings:positional_embedding embeddings:token_embedding conv1:conv1 conv2:conv2
    layer_norm:{norm} self_attention/layer_norm:attn_ln
    self_attention/linear_0:attn.query,attn.key,attn.value self_attention/linear_1:attn.out
    attention/layer_norm:cross_attn_ln attention/linear_0:cross_attn.query
    attention/linear_1:cross_attn.key,cross_attn.value attention/linear_2:cross_attn.out
    ffn/layer_norm:mlp_ln ffn/linear_0:mlp.0 ffn/linear_1:mlp.2
"""
NAMES = dict(pair.split(":") for pair in _NAMES.split())  # several for a fused matrix
ENDS = {"weight": ".weight", "gamma": ".weight", "bias": ".bias", "beta": ".bias", "encodings": ""}


class Engine:
    """A loaded model that turns windows into segments."""

    name = "openai-whisper"
    window_samples = 20 * RATE
    batch = 8
    draws = 10  # four times as slow as the other engine
    workers = 1  # torch uses all cores for one batch
    # On the samples a beam of 3 makes 18 % fewer errors, for a third more work; one of 5 no fewer.
    attempts: tuple[Attempt, ...] = (Attempt(3), Attempt(1, 0.4))

    def __init__(self, weights: Weights, threads: int | None = None):
        import torch

        # They wait for each other at every step, so for the busiest core: one is left to others.
        torch.set_num_threads(threads or max(1, (os.cpu_count() or 1) - 1))
        self.weights = weights
        self._model = _load(weights)

    @property
    def versions(self) -> Mapping[str, str]:
        """The releases at work, for the evidence."""
        return {name: importlib.metadata.version(name) for name in (self.name, "torch")}

    def decode(self, windows: Windows, options: DecodeOptions, attempt: Attempt) -> list[Segment]:
        """Give one segment a window, its words in the episode's time."""
        import torch

        beam = attempt.beam if attempt.beam > 1 else None
        settings = _settings(options, beam_size=beam, temperature=attempt.temperature)
        features, tokenizer = self.encode(windows), self._tokenizer(options)
        words = list[tuple[Word, ...]]()
        with torch.inference_mode(), self._shorter_context(windows):
            torch.manual_seed(0)  # so that a temperature gives the same text in every run
            results = run(self._model, features, settings)
            texts = [[t for t in result.tokens if t < tokenizer.eot] for result in results]
            for first in range(0, len(windows), ALIGNED):
                few = slice(first, first + ALIGNED)
                words += self._align(features[few], texts[few], windows[few], tokenizer)
        segments = list[Segment]()
        for window, result, each in zip(windows, results, words, strict=True):
            signs = result.avg_logprob, result.compression_ratio, result.no_speech_prob
            segments.append(segment(window, result.text, each, attempt, signs))
        return segments

    def tell_language(self, window: Window, among: Sequence[str]) -> str:
        """Tell which of some languages is spoken."""
        import torch

        if not self._model.is_multilingual:
            return among[0]
        with torch.inference_mode(), self._shorter_context([window]):
            _tokens, (heard,) = self._model.detect_language(self.encode([window]))
        return likeliest(among, heard)

    def hear_again(self, windows: Windows, options: DecodeOptions, times: int) -> list[list[str]]:
        """Give so many texts of each window, drawn by the probability of their words."""
        import torch

        longest = min(most_tokens(windows), self._model.dims.n_text_ctx // 2)
        settings = _settings(options, best_of=times, temperature=VARIETY, sample_len=longest)
        features, tokenizer = self.encode(windows), self._tokenizer(options)
        drawn = list[list[str]]()

        def keep(tokens: list[list["torch.Tensor"]], _scores: Any) -> list[int]:
            """Keep all texts, where whisper asks which one is the best."""
            decode = tokenizer.decode
            drawn.extend([[decode(text.tolist()).strip() for text in texts] for texts in tokens])
            return [0] * len(tokens)

        with torch.inference_mode(), self._shorter_context(windows):
            run(self._model, features, settings, SimpleNamespace(rank=keep))
        return drawn

    def encode(self, windows: Windows) -> "torch.Tensor":
        """Encode windows, all at once."""
        import torch
        import whisper

        bands, size = self._model.dims.n_mels, count_frames(windows) * HOP
        signals = (whisper.pad_or_trim(each.samples, size) for each in windows)
        spectrograms = torch.stack([whisper.log_mel_spectrogram(each, bands) for each in signals])
        with torch.inference_mode(), self._shorter_context(windows):
            features: torch.Tensor = self._model.embed_audio(spectrograms)
        return features

    def _tokenizer(self, options: DecodeOptions) -> "Tokenizer":
        from whisper.tokenizer import get_tokenizer

        spoken = {"language": code(options.language), "task": options.task}
        languages = self._model.num_languages
        with known(options.language):
            return get_tokenizer(self._model.is_multilingual, num_languages=languages, **spoken)

    @contextlib.contextmanager
    def _shorter_context(self, windows: Windows) -> Iterator[None]:
        """Let the model take spectrograms of fewer than 3000 frames."""
        encoder, dims, frames = self._model.encoder, self._model.dims, count_frames(windows)
        places, context = encoder.positional_embedding, dims.n_audio_ctx
        encoder.positional_embedding, dims.n_audio_ctx = places[: frames // 2], frames // 2
        try:
            yield
        finally:
            encoder.positional_embedding, dims.n_audio_ctx = places, context

    def _align(
        self, features: "torch.Tensor", texts: Texts, windows: Windows, tokenizer: "Tokenizer"
    ) -> Iterator[tuple[Word, ...]]:
        """Time every word by the decoder heads that follow the sound, all windows at once. Their
        attention is averaged after whisper's own normalisation and median."""
        import torch
        from whisper.model import disable_sdpa
        from whisper.timing import median_filter

        start = [*tokenizer.sot_sequence, tokenizer.no_timestamps]
        longest = max(map(len, texts)) + 1
        tokens = torch.full((len(texts), len(start) + longest), tokenizer.eot)
        for row, text in enumerate(texts):
            tokens[row, : len(start) + len(text)] = torch.tensor([*start, *text])
        with disable_sdpa(), self._attention() as attention:
            logits = self._model.logits(tokens, features)[:, len(start) - 1 :, : tokenizer.eot]
        heads = torch.cat(attention, 1)
        for row, (text, window) in enumerate(zip(texts, windows, strict=True)):
            frames = int(len(window.samples) / RATE / FRAME)
            shares = heads[row, :, : len(start) + len(text) + 1, :frames].softmax(-1)
            deviation, mean = torch.std_mean(shares, dim=-2, keepdim=True, unbiased=False)
            smooth = median_filter((shares - mean) / deviation, SMOOTHING).mean(0)
            begins = alignment.follow(-smooth[len(start) - 1 : -1].numpy())
            probabilities = logits[row, : len(text)].softmax(-1).gather(1, torch.tensor([text]).T)
            yield alignment.words(text, begins, probabilities[:, 0].tolist(), window, tokenizer)

    @contextlib.contextmanager
    def _attention(self) -> Iterator[list["torch.Tensor"]]:
        """Collect what the alignment heads attend to: windows x heads x tokens x frames a layer."""
        outputs: list[torch.Tensor] = []
        own = defaultdict[int, list[int]](list)
        for layer, head in zip(*self._model.alignment_heads.indices().tolist(), strict=True):
            own[layer].append(head)
        with contextlib.ExitStack() as hooks:
            for layer, heads in sorted(own.items()):

                def keep(_: Any, __: Any, output: Any, heads: list[int] = heads) -> None:
                    outputs.append(output[1][:, heads])

                attention = self._model.decoder.blocks[layer].cross_attn
                hooks.callback(attention.register_forward_hook(keep).remove)
            yield outputs


def _settings(options: DecodeOptions, **more: Any) -> "whisper.DecodingOptions":
    import whisper

    asked = {"task": options.task, "language": code(options.language)}
    return whisper.DecodingOptions(**asked, prompt=options.prompt or None, fp16=False, **more)


def run(
    model: "whisper.Whisper",
    features: "torch.Tensor",
    settings: "whisper.DecodingOptions",
    ranker: Any = None,
) -> list["whisper.DecodingResult"]:
    """Decode windows (windows x frames x width, from the encoder), with as many beams as asked,
    which share the attention. `ranker` chooses a window's best text, by default whisper."""
    from whisper.decoding import DecodingTask

    class Task(DecodingTask):  # type: ignore[misc]  # whisper has no types
        """Whisper's own, which counts the sounds and wants one for each beam."""

        def _get_audio_features(self, features: "torch.Tensor") -> "torch.Tensor":
            return features.new_empty(len(features) * self.n_group)

        def _detect_language(self, features: "torch.Tensor", tokens: "torch.Tensor") -> Any:
            return super()._detect_language(features[:: self.n_group], tokens)

    def join(_: Any, inputs: tuple[Any, ...]) -> tuple[Any, ...]:
        return inputs[0].reshape(len(features), -1, inputs[0].shape[-1]), features

    def part(_: Any, __: Any, outputs: tuple[Any, ...]) -> tuple[Any, ...]:
        beams = len(features) * task.n_group
        return outputs[0].reshape(beams, -1, outputs[0].shape[-1]), outputs[1]

    task = Task(model, settings)
    task.sequence_ranker = ranker or task.sequence_ranker
    with contextlib.ExitStack() as hooks:
        for block in model.decoder.blocks:
            hooks.callback(block.cross_attn.register_forward_pre_hook(join).remove)
            hooks.callback(block.cross_attn.register_forward_hook(part).remove)
        return list(task.run(features))


def _load(weights: Weights) -> "whisper.Whisper":
    import whisper

    heads = whisper._ALIGNMENT_HEADS.get(weights.name)
    if heads is None:
        message = _(
            "{name} : openai-whisper ne sait pas minuter ses mots ; prenez `--engine faster`"
        )
        raise ModelError(message, name=weights.name)
    if weights.form == "openai":
        model = whisper.load_model(str(weights.path), device="cpu")
    else:
        state = read_state(weights.path / "model.bin")
        model = whisper.Whisper(_dimensions(state))
        model.load_state_dict(state)
    model.set_alignment_heads(heads)  # not set from a path
    return model.eval()


def _dimensions(state: Mapping[str, "torch.Tensor"]) -> "whisper.ModelDimensions":
    """Read the size of a model off its matrices; every head of Whisper is 64 wide."""
    import whisper

    n_audio_ctx, n_audio_state = state["encoder.positional_embedding"].shape
    n_text_ctx, n_text_state = state["decoder.positional_embedding"].shape
    layers = {(key.split(".")[0], key.split(".")[2]) for key in state if ".blocks." in key}
    return whisper.ModelDimensions(
        n_mels=state["encoder.conv1.weight"].shape[1],
        n_audio_ctx=n_audio_ctx,
        n_audio_state=n_audio_state,
        n_audio_head=n_audio_state // 64,
        n_audio_layer=sum(half == "encoder" for half, _ in layers),
        n_vocab=state["decoder.token_embedding.weight"].shape[0],
        n_text_ctx=n_text_ctx,
        n_text_state=n_text_state,
        n_text_head=n_text_state // 64,
        n_text_layer=sum(half == "decoder" for half, _ in layers),
    )


def read_state(path: Path) -> dict[str, "torch.Tensor"]:
    """Read the weights of `model.bin` as openai-whisper names them, in 32-bit floats. Raises
    ModelError if the file is no such conversion."""
    import torch

    state: dict[str, torch.Tensor] = {}
    try:
        with path.open("rb") as file:
            for name, values in variables(file):
                match = VARIABLE.fullmatch(name)
                if match is None or match[3] not in NAMES or match[4] not in ENDS:
                    continue  # a setting
                half, layer, part, end = match.groups()
                block = f"{half}.blocks.{layer}" if layer else half
                norm = "ln_post" if half == "encoder" else "ln"
                targets = NAMES[part].format(norm=norm).split(",")
                matrices = np.split(values.astype(np.float32), len(targets))
                for target, matrix in zip(targets, matrices, strict=True):
                    state[f"{block}.{target}{ENDS[end]}"] = torch.from_numpy(matrix)
    except (struct.error, ValueError, KeyError, UnicodeDecodeError) as error:
        message = _("{path} : pas une conversion de Whisper ({error}) ; téléchargez-la de nouveau")
        raise ModelError(message, path=path, error=error) from error
    return {name: each for name, each in state.items() if not name.endswith("key.bias")}


def variables(file: BinaryIO) -> Iterator[tuple[str, NDArray[Any]]]:
    """Read the variables of a `model.bin`, each with its name; settings are some of them."""

    def unpack(form: str) -> tuple[int, ...]:
        return struct.unpack(f"<{form}", file.read(struct.calcsize(f"<{form}")))

    def text() -> str:
        return file.read(*unpack("H")).rstrip(b"\0").decode()

    (version,) = unpack("I")
    if version != VERSION:
        raise ValueError(f"binary version {version}")
    text()
    _revision, count = unpack("II")
    for _rest in range(count):
        name, (rank,) = text(), unpack("B")
        shape, (kind, size) = unpack(f"{rank}I"), unpack("BI")
        yield name, np.frombuffer(file.read(size), TYPES[kind]).reshape(shape)
