"""How alike two recordings sound: fingerprints compared at every distance. Bits of strangers agree
half of the time, those of copies far more often at one distance, all along; jingles in places."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from radio.sound.fingerprint import BITS, STEP, Fingerprint
from radio.system.progress import Progress

ALIKE = 0.25  # of copies .4 to 1, of strangers .07 at most, in recordings of two minutes
MAYBE = 0.08  # at a coarse look
PIECES, EVEN = 5, 0.17  # of what both hold; over like music mostly .16 at most, of copies .21 up
UNEVEN = 0.55  # of all agreement; over loud music that is alike .4 at most, of copies .67 up
WHOLE = 0.8  # share of the longer one that both must hold: less is a part of it
LEAST = 0.5  # share of the shorter one that both must hold
TILE = 24  # recordings that are looked at with as many others at once
Named = Mapping[str, Fingerprint]
COARSE = 4  # steps in one, at a coarse look


@dataclass(frozen=True)
class Likeness:
    """What two recordings have in common."""

    agreement: float  # 0 for strangers, 1 for equal fingerprints
    offset: float  # seconds: how much later the first one begins
    common: float  # seconds that both hold
    share: float  # of the longer one that both hold
    least: float  # agreement of the piece of what both hold that agrees least

    @property
    def is_twin(self) -> bool:
        """Whether both may be copies of one recording, or one a copy of a part of the other."""
        return self.agreement >= ALIKE

    @property
    def is_sure(self) -> bool:
        """Whether that is nearly certain, for no piece of what both hold is another."""
        return self.is_twin and self.least >= max(EVEN, UNEVEN * self.agreement)

    @property
    def is_whole(self) -> bool:
        """Whether they surely hold the same from end to end, or nearly."""
        return self.is_sure and self.share >= WHOLE


def compare(first: Fingerprint, second: Fingerprint) -> Likeness:
    """Measure what two recordings have in common."""
    one, two = signs(first), signs(second)
    agreement, lag, common = _best(one, two)
    least = _least(one[max(lag, 0) :], two[max(-lag, 0) :])
    share = common / max(len(one), len(two), 1)
    return Likeness(agreement, lag * STEP, common * STEP, share, least)


def find(
    prints: Named, old: Sequence[str], new: Sequence[str], progress: Progress = lambda _: None
) -> Iterator[tuple[str, str, Likeness]]:
    """Compare new recordings with each other and with old ones, all named as in `prints`. Gives
    each pair that is alike at a coarse look, whether it is a twin or not."""
    tiles, others = _tiles(prints, new), _tiles(prints, old)
    for number, tile in enumerate(tiles):
        for other in (*others, *tiles[: number + 1]):
            alike = look([prints[each] for each in other], [prints[each] for each in tile])
            if other is tile:
                alike = np.triu(alike, 1)
            for row, column in np.argwhere(alike):
                one, two = other[row], tile[column]
                yield one, two, compare(prints[one], prints[two])
        progress((number + 1) / len(tiles))


def _tiles(prints: Named, names: Sequence[str]) -> list[list[str]]:
    ordered = sorted(names, key=lambda name: len(prints[name]))
    return [ordered[first : first + TILE] for first in range(0, len(ordered), TILE)]


def look(firsts: Sequence[Fingerprint], seconds: Sequence[Fingerprint]) -> NDArray[np.bool_]:
    """Give for each recording, a row, which of others it may be a twin of, at a coarse look. A pair
    takes some tens of microseconds. A true twin is not missed; `compare` finds the strangers. Best
    with recordings of like length, some tens of each at once."""
    rows, columns = ([_coarse(signs(each)) for each in some] for some in (firsts, seconds))
    lengths = np.array([len(each) for each in columns], np.float32)[:, None]
    size = 1 << (max(map(len, rows)) + max(map(len, columns))).bit_length()
    spectra = list[NDArray[np.complex64]]()  # shape: frequencies, recordings, bits
    for some in (rows, columns):
        padded = np.zeros((size, len(some), BITS), np.float32)
        for number, each in enumerate(some):
            padded[: len(each), number] = each
        spectra.append(np.fft.rfft(padded, axis=0).astype(np.complex64))
    products = (spectra[0] @ spectra[1].conj().transpose(0, 2, 1)).transpose(1, 2, 0)
    lags = ((np.arange(size) + size // 2) % size - size // 2).astype(np.float32)
    found = []
    for row, product in zip(rows, products, strict=True):
        overlaps = np.minimum(len(row), lengths + lags) - np.maximum(lags, 0)
        wide = overlaps >= np.maximum(1, LEAST * np.minimum(len(row), lengths) - 1)
        shares = np.fft.irfft(product, size) / np.maximum(overlaps, 1)
        found.append(np.max(shares, axis=1, where=wide, initial=0) >= BITS * MAYBE)
    return np.stack(found)


def signs(fingerprint: Fingerprint) -> NDArray[np.float32]:
    """Make a row of -1 and 1 of each step; of 0 where there is silence."""
    bits = np.unpackbits(fingerprint.astype(">u2").view(np.uint8).reshape(-1, 2), axis=1)
    signs = bits.astype(np.float32) * 2 - 1
    signs[fingerprint == 0] = 0
    return signs


def _coarse(signs: NDArray[np.float32]) -> NDArray[np.float32]:
    whole = len(signs) // COARSE * COARSE
    sums = signs[:whole].reshape(-1, COARSE, BITS).sum(axis=1)
    coarse: NDArray[np.float32] = sums / np.float32(max(1e-9, np.sqrt(np.square(sums).mean())))
    return coarse


def _best(first: NDArray[np.float32], second: NDArray[np.float32]) -> tuple[float, int, int]:
    """Find the distance at which they agree most: agreement, distance and overlap in steps."""
    short = min(len(first), len(second))
    if not short:
        return 0.0, 0, 0
    size = 1 << (len(first) + len(second)).bit_length()
    spectra = (np.fft.rfft(each, size, axis=0) for each in (first, second))
    product = next(spectra) * next(spectra).conj()
    sums = np.fft.irfft(product.sum(axis=1), size) / BITS
    lags = np.arange(-len(second) + 1, len(first))
    overlaps = np.minimum(len(first), len(second) + lags) - np.maximum(lags, 0)
    wide = overlaps >= LEAST * short
    heard = min(int(each.any(axis=1).sum()) for each in (first, second))
    shares = sums[lags[wide] % size] / np.minimum(overlaps[wide], max(1, heard))
    place = int(np.argmax(shares))
    return float(shares[place]), int(lags[wide][place]), int(overlaps[wide][place])


def _least(first: NDArray[np.float32], second: NDArray[np.float32]) -> float:
    """Give how much they agree in the piece where they agree least, of what is heard in both."""
    common = min(len(first), len(second))
    agreements = (first[:common] * second[:common]).mean(axis=1)
    heard = agreements[first[:common].any(axis=1) & second[:common].any(axis=1)]
    pieces = [piece.mean() for piece in np.array_split(heard, PIECES) if len(piece)]
    return float(min(pieces, default=0.0))


def resembled(
    prints: Named, old: Sequence[str], new: Sequence[str], until: float
) -> dict[str, tuple[str, Likeness]]:
    """Give for new recordings which one each is surely a twin of: an old one, else a new one before
    it. All are named as in `prints`. It ends at a time of the clock (`time.monotonic`)."""
    order = {name: number for number, name in enumerate((*old, *new))}
    found: dict[str, tuple[str, Likeness]] = {}
    for *pair, likeness in find(prints, old, new):
        earlier, later = sorted(pair, key=order.__getitem__)
        known = found.get(later)
        if likeness.is_sure and (known is None or order[earlier] < order[known[0]]):
            found[later] = earlier, likeness
        if time.monotonic() > until:
            break
    return found
