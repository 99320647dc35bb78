"""Tests of the whole program. They are told in English, on every machine."""

import os

os.environ["LC_ALL"] = "C.UTF-8"  # read once, when the program is imported: before that
