"""From `media/` to `transcripts/`: speech regions, windows, engines, words, cues.

One episode runs through the modules in this order: `pieces` (cut in pauses), `regions` (where
somebody speaks; `music` tells the rest apart), `windows` (what is heard at once), `crew` (who
decodes: this machine or a `cluster`), `hearing` (what is made of what an engine says), `engines`
(`openai_whisper` or `faster`, whose words `alignment` times), `corrections` (the layer over the
words, without `phantoms`), `cues` (what is read at once). `transcription` writes the files and
keeps a `checkpoint`; `improvement` and `translation` do so beside what is there. `names` writes the
prompt, `weights` holds the models, `schedule` the hours of work. Nothing here knows the index or
the site.
"""

import os

# Libraries of this room send what machine they run on to their makers, unless told before they are
# imported: onnxruntime from 1.29 on, and huggingface_hub, which faster-whisper imports.
os.environ["ORT_DISABLE_TELEMETRY"] = os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
