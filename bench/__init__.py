"""Measures, side by side in one run: `make bench` prints them and keeps them in BENCHMARKS.md."""
