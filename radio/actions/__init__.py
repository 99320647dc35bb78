"""What keepers do to the catalogue: an action, or what several need, in each module. All raise
NotFoundError for an unknown key; ArchiveError, having changed nothing, if something changed
meanwhile, stands in the way or can't be read, or the disk refuses; BusyError while an episode is
transcribed. Other errors are named. `note` is private, for the journal; `who` is the account that
asks, "" for the command."""
