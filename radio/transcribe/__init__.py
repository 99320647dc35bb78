"""From `media/` to `transcripts/`: speech regions, windows, engines, words, cues.

An episode passes through the modules in this order: `chunks` (cut in pauses), `regions` (speech,
`music`, silence), `windows` (speech of at most 30 seconds), `pool` (batches decoded on this machine
or on a `cluster`), `fallback` (decoding again what failed), `engines` (`openai` or `faster`;
`alignment` times their words), `corrections` (of the words, without `hallucinations`;
`conventions` of numbers and `acronyms`), `cues`. `transcription` writes the files and keeps a
`checkpoint`; `renewal`, `improvement` and `translation` work beside a transcript that is there.
`jobs` plans a run. `prompt` writes the names for the decoder, `models` holds the weights,
`schedule` the hours of work. Nothing here knows the index or the site.
"""

import os

# onnxruntime (from 1.29 on) and huggingface_hub (imported by faster-whisper) send data about the
# machine to their makers, unless this is set before they are imported.
os.environ["ORT_DISABLE_TELEMETRY"] = os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
