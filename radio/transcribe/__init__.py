"""From `media/` to `transcripts/`. `regions` finds speech, `windows` cuts it, `pool` has batches
decoded by `engines`, here or elsewhere, `fallback` decodes again what failed, `corrections` (with
`conventions` and `figures`) and `cues` make the text. `transcription` writes the files, `versions`
saves checkpoints and older texts, `renewal` makes better ones, `adoption` puts a person's text in
their place, `voices` find who speaks. Nothing here knows the index or the site."""

import os

# onnxruntime (from 1.29 on) and huggingface_hub (imported by faster-whisper) send data about the
# machine to their makers, unless this is set before they are imported.
os.environ["ORT_DISABLE_TELEMETRY"] = os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
# Threads of torch that wait for each other took three times the processor of a busy machine.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # read when the first of them is loaded
