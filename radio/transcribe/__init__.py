"""From `media/` to `transcripts/`: speech regions, windows, engines, words, cues.

One episode runs through the modules in this order: `regions` (where somebody speaks; `music` tells
the rest apart), `windows` (half minutes of speech), `hearing` (what is made of what an engine
says), `engines` (`openai_whisper` or `faster`, whose words `alignment` times), `corrections` (the
layer over the words, without `phantoms`), `cues` (what is read at once). `transcription` keeps the
checkpoints and writes the files; `names` writes the prompt, `weights` holds the models, `schedule`
the hours of work. Nothing here knows the index or the site.
"""
