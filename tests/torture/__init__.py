"""What may happen to an archive in twenty years, thousands of times over. `python -m tests.torture`
runs all of it, `python -m tests.torture captions --count 5000 --seed 7` a part, the suite a little
of each (tests/test_torture.py). A torture is a function of a count, a source of chance and an empty
folder, and yields a line for all that should not happen."""
