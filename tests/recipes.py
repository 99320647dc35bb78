"""What `radio work` has made by other processes, made in this one."""

import math

from radio.archive import Archive
from radio.derived.recipe import Failed, Making, Means, Message, Recipe, Remaining


def make(
    archive: Archive, recipe: Recipe, seconds: float = math.inf, base_url: str = ""
) -> list[Message]:
    told = list[Message]()
    making = Making(told.append, Means(base_url=base_url), seconds)
    if keys := recipe.missing(archive):
        recipe.make(archive, keys, making)
    return [each for each in told if isinstance(each, Failed | Remaining) and each != Remaining(0)]
