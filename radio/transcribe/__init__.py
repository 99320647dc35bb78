"""From `media/` to `transcripts/`. An episode passes through `regions` (speech, music, silence),
`windows` (speech of at most 30 seconds), `pool` (batches decoded here or on other machines),
`fallback` (what failed is decoded again), `engines` (`alignment` times their words), `corrections`
(`conventions` of acronyms, `figures` of numbers) and `cues`. `transcription` writes the files,
`versions` saves checkpoints and older texts; `renewal` works beside a transcript that is there,
`adoption` puts a person's text in its place (`documents`, `align`), `voices` find who speaks.
Nothing here knows the index or the site."""

import os

# onnxruntime (from 1.29 on) and huggingface_hub (imported by faster-whisper) send data about the
# machine to their makers, unless this is set before they are imported.
os.environ["ORT_DISABLE_TELEMETRY"] = os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
