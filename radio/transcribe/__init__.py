"""From `media/` to `transcripts/`: speech regions, windows, engines, words, cues.

One episode runs through the modules in this order: `regions` (where somebody speaks), `windows`
(30-second pieces of speech), `openai_whisper` (words with their times), `cues` (what is read at
once), `transcription` (the checkpoints and the files). `weights` holds the models. Nothing here
knows the index or the site.
"""
