"""The engine of faster-whisper: the same weights in 8-bit integers, without torch. CTranslate2
decodes a batch with a beam on each core; tokenizer and spectrogram are faster-whisper's."""

import importlib.metadata
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from radio.sound import RATE
from radio.text.transcript import Segment, Word
from radio.transcribe.engines import alignment
from radio.transcribe.engines.alignment import Texts
from radio.transcribe.engines.interface import (
    VARIETY,
    Attempt,
    DecodeOptions,
    code,
    compression,
    known,
    likeliest,
    most_tokens,
    segment,
)
from radio.transcribe.models.weights import Weights
from radio.transcribe.windows import HOP, Window, Windows, count_frames

if TYPE_CHECKING:
    from ctranslate2 import StorageView
    from faster_whisper.tokenizer import Tokenizer

MOST_TOKENS = 448  # that Whisper's decoder holds, the prompt among them
AT_ONCE = 15  # texts that are drawn together: more take much memory
DRAWN: Mapping[str, float] = {"beam_size": 1, "sampling_topk": 0, "sampling_temperature": VARIETY}


class Engine:
    """A loaded model that turns windows into segments."""

    name = "faster-whisper"
    # On the samples, 12 s make 23 % more errors; 25 s make no fewer and cost a sixth more.
    window_samples = 18 * RATE

    batch = 4
    draws = 40  # On `air`, 10 spare a quarter of the keys for `base`, 20 a third, 40 two fifths.
    # No temperature: CTranslate2 can be seeded only once, so a resumed run would give another text.
    attempts: tuple[Attempt, ...] = (Attempt(beam=5), Attempt(beam=5, no_repeat_ngram_size=4))

    def __init__(self, weights: Weights, threads: int):
        import faster_whisper

        self.weights = weights
        self.workers = threads  # each core decodes its own batch
        self._model = faster_whisper.WhisperModel(
            str(weights.path), device="cpu", compute_type="int8", cpu_threads=1, num_workers=threads
        )

    @property
    def versions(self) -> Mapping[str, str]:
        """The releases at work, for the evidence."""
        return {name: importlib.metadata.version(name) for name in (self.name, "ctranslate2")}

    def decode(self, windows: Windows, options: DecodeOptions, attempt: Attempt) -> list[Segment]:
        """Give one segment a window, its words in the episode's time."""
        tokenizer, prompt = self._prompt(options)
        features = self.encode(windows)
        results = self._model.model.generate(
            features,
            [prompt] * len(windows),
            beam_size=attempt.beam,
            no_repeat_ngram_size=attempt.no_repeat_ngram_size,
            max_length=MOST_TOKENS,
            suppress_blank=True,
            return_scores=True,
            return_no_speech_prob=True,
        )
        texts = [[t for t in each.sequences_ids[0] if t < tokenizer.eot] for each in results]
        segments = list[Segment]()
        timed = self._align(features, texts, windows, tokenizer)
        for window, result, tokens, words in zip(windows, results, texts, timed, strict=True):
            text, count = tokenizer.decode(tokens), len(result.sequences_ids[0])
            signs = (  # as Whisper itself tells them: of the end of the text too
                result.scores[0] * count / (count + 1),
                compression(text),
                result.no_speech_prob,
            )
            segments.append(segment(window, text, words, attempt, signs))
        return segments

    def tell_language(self, window: Window, among: Sequence[str]) -> str:
        """Tell which of some languages is spoken."""
        if not self._model.model.is_multilingual:
            return among[0]
        (heard,) = self._model.model.detect_language(self.encode([window]))
        return likeliest(among, {token.strip("<|>"): chance for token, chance in heard})

    def hear_again(self, windows: Windows, options: DecodeOptions, times: int) -> list[list[str]]:
        """Give so many texts of each window: a quarter the likeliest, by a beam, others drawn."""
        tokenizer, prompt = self._prompt(options)
        features, longest = self.encode(windows), most_tokens(windows)
        likeliest = max(1, times // 4)
        ways: list[tuple[int, Mapping[str, float]]] = [(likeliest, {"beam_size": likeliest})]
        ways += [(min(AT_ONCE, times - n), DRAWN) for n in range(likeliest, times, AT_ONCE)]
        texts: list[list[str]] = [[] for _ in windows]
        for number, how in ways:
            results = self._model.model.generate(
                features,
                [prompt] * len(windows),
                num_hypotheses=number,
                max_length=min(max(2 * longest, longest + len(prompt)), MOST_TOKENS),
                suppress_blank=True,
                **how,
            )
            for found, each in zip(texts, results, strict=True):
                tokens = ([t for t in text if t < tokenizer.eot] for text in each.sequences_ids)
                found.extend(tokenizer.decode(some).strip() for some in tokens)
        return texts

    def _prompt(self, options: DecodeOptions) -> tuple["Tokenizer", list[int]]:
        from faster_whisper.tokenizer import Tokenizer

        model, is_multilingual = self._model, self._model.model.is_multilingual
        spoken = {"task": options.task, "language": code(options.language)}
        with known(options.language):
            tokenizer = Tokenizer(model.hf_tokenizer, is_multilingual, **spoken)
        names = tokenizer.encode(f" {options.prompt}") if options.prompt else []
        before = [tokenizer.sot_prev, *names] if names else []
        return tokenizer, [*before, *tokenizer.sot_sequence]

    def encode(self, windows: Windows) -> "StorageView":
        """Encode windows one by one, which takes less time than all at once."""
        from ctranslate2 import StorageView

        frames = count_frames(windows)
        signals = (np.pad(each.samples, (0, frames * HOP - len(each.samples))) for each in windows)
        spectrograms = (self._model.feature_extractor(each)[:, :frames] for each in signals)
        features = [np.asarray(self._model.encode(each)) for each in spectrograms]
        return StorageView.from_array(np.concatenate(features))

    def _align(
        self, features: "StorageView", texts: Texts, windows: Windows, tokenizer: "Tokenizer"
    ) -> Iterator[tuple[Word, ...]]:
        """Time every word by the decoder heads that follow the sound."""
        frames = [len(window.samples) // HOP for window in windows]
        alignments = self._model.model.align(features, tokenizer.sot_sequence, texts, frames)
        for text, window, each in zip(texts, windows, alignments, strict=True):
            begins = np.zeros(len(text) + 1, np.int64)
            for token, frame in reversed(each.alignments if text else ()):
                begins[token] = frame
            yield alignment.words(text, begins, each.text_token_probs, window, tokenizer)
