"""From `media/` to `transcripts/`: speech regions, windows, engines, words, cues.

An episode passes through the modules in this order: `regions` (speech, music, silence), `windows`
(chunks cut in pauses, speech of at most 30 seconds), `pool` (batches decoded on this machine or on
others), `fallback` (decoding again what failed), `engines` (`openai` or `faster`; `alignment` times
their words), `corrections` (of the words; `conventions` of acronyms, `figures` of numbers), `cues`.
`transcription` writes the files, `versions` keeps what was written before and a checkpoint;
`renewal` works beside a transcript that is there, `adoption` lays a person's text on the sound
(`documents`, `align`), `voices` tell who speaks. `recipes` plans the work, `prompt` writes the
names for the decoder, `models` holds the weights. Nothing here knows the index or the site.
"""

import os

# onnxruntime (from 1.29 on) and huggingface_hub (imported by faster-whisper) send data about the
# machine to their makers, unless this is set before they are imported.
os.environ["ORT_DISABLE_TELEMETRY"] = os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
