"""The process that knows the model: it answers one question at a time, and ends when nobody asks.

So the model's memory is not the site's, and is given back. `guesses` starts it.
"""

import sys
from multiprocessing.connection import Connection
from pathlib import Path

from radio.search.sense.model import SentenceModel, release
from radio.search.sense.nearest import Question, Reply, Shelf

IDLE = 600.0  # seconds without a question, after which it ends


def main() -> None:
    """Reply until the other end is closed."""
    folder, descriptor = sys.argv[1:]
    with Connection(int(descriptor)) as line:
        shelf, model = Shelf(Path(folder), release()), SentenceModel()
        ready: Reply = ()
        line.send(ready)
        while line.poll(IDLE):
            try:
                question: Question = line.recv()
            except EOFError:
                return
            shelf.refresh()
            vector = model.encode([question.text])[0]
            reply: Reply = tuple(shelf.nearest(vector, question.among))
            line.send(reply)


if __name__ == "__main__":
    main()
