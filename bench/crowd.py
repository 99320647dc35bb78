"""A crowd that asks a site for all at once, in a process of its own.

`python -m bench.crowd PORT FILE`: the file names an episode (`show/slug`) in each line. 300 hear a
recording slowly, 500 never end their headers, 20 take the whole archive, a crawler goes from page
to page, and everybody opens one link. When it is told to end, it tells what was answered.
"""

import asyncio
import contextlib
import itertools
import signal
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from pathlib import Path

LISTENERS, HALTING, WHOLE, FRIENDS = 300, 500, 20, 40
SPEED = 16_000  # bytes a second that a listener takes, as an mp3 of 128 kbit/s asks
LINE = 1_000_000  # bytes a second that who takes the whole archive has
STEP, AGAIN = 0.5, 1.0  # seconds

Act = Callable[[int, str], Awaitable[None]]
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
answers: Counter[tuple[str, str]] = Counter()  # by what was asked for, and the status


async def opened(port: int, path: str, *headers: str) -> Streams:
    """Ask for an address, over a line that keeps little of the answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 14)
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close", *headers, "", ""]
    writer.write("\r\n".join(lines).encode())
    return reader, writer


async def read(port: int, path: str, speed: float, *headers: str) -> None:
    """Read an answer to its end, so many bytes a second."""
    reader, writer = await opened(port, path, *headers)
    status = (await reader.readline()).decode().split(" ")[1:2]
    answers[path.split("/")[1], "".join(status) or "broken off"] += 1
    while await reader.read(int(speed * STEP)):
        await asyncio.sleep(STEP)
    writer.close()


async def listen(port: int, key: str) -> None:
    """Hear a recording, as players ask for it."""
    await read(port, f"/media/{key}.mp3", SPEED, "Range: bytes=0-")


async def halt(port: int, _key: str) -> None:
    """Send a header letter by letter, and never its end."""
    _reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET / HTTP/1.1\r\nX: ")
    while True:
        await asyncio.sleep(STEP)
        writer.write(b"x")
        await writer.drain()


async def crawl(port: int, key: str) -> None:
    """Open a page and its text."""
    for path in (f"/shows/{key}", f"/transcripts/{key}.html"):
        await read(port, path, LINE)


async def take(port: int, _key: str) -> None:
    """Take the whole archive."""
    await read(port, "/download/archive.zip", LINE)


async def keep_on(port: int, act: Act, keys: Iterable[str]) -> None:
    """Do the same for ever, whatever the site answers."""
    for key in itertools.cycle(keys):
        with contextlib.suppress(OSError):
            await act(port, key)
        await asyncio.sleep(AGAIN)


async def crowd(port: int, keys: Sequence[str]) -> None:
    """Come all at once, and stay."""
    everybody = [keep_on(port, listen, keys[n::LISTENERS]) for n in range(LISTENERS)]
    everybody += [keep_on(port, halt, keys[:1]) for _ in range(HALTING)]
    everybody += [keep_on(port, take, keys[:1]) for _ in range(WHOLE)]
    everybody += [keep_on(port, crawl, keys[:1]) for _ in range(FRIENDS)]
    everyone = asyncio.gather(*everybody, keep_on(port, crawl, keys))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, everyone.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await everyone
    told = (f"{many} × {room} {status}" for (room, status), many in sorted(answers.items()))
    print("the crowd had", ", ".join(told), file=sys.stderr)  # noqa: T201


if __name__ == "__main__":
    asyncio.run(crowd(int(sys.argv[1]), Path(sys.argv[2]).read_text().split()))
