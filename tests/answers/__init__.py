"""What a whole archive answers, in words that people compare (`tests/test_answers.py`)."""
