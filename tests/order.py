"""The order in which the tests are run."""

HEAVIEST = [
    *("test_chain.py", "test_hostile.py", "transcribe/test_engines.py", "web/test_subpath.py"),
    *("transcribe/test_cluster.py", "static_site/test_export.py", "transcribe/test_kills.py"),
    *("work/test_worker.py", "transcribe/test_improvement.py"),
    *("test_arrivals.py", "test_torture.py", "test_edition.py", "cli/test_command.py"),
    *("web/test_browser.py", "web/test_offline.py"),
    *("web/test_look.py", "web/test_passages.py", "bags/test_folder.py"),
    *("transcribe/test_renewal.py", "downloads/test_downloads.py", "mirror/test_copy.py"),
    *("chapters/test_chapters.py", "test_losses.py", "bags/test_zip.py"),
    *("search/test_prefilter.py", "test_install.py", "transcribe/test_regions.py"),
    *("mirror/test_endless.py", "transcribe/test_transcription.py", "web/test_requests.py"),
    *("cli/test_language.py", "test_edited.py", "audio/test_audio.py", "audit/test_audit.py"),
]
"""The files that take longest begin, so that two workers end together. The first makes the weights
and the transcripts that others share; the second needs none."""
