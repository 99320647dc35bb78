"""What keepers do to the catalogue: an action, or what several need, in each module.

All raise NotFoundError where there is no episode or show of a key; ArchiveError, having changed
nothing, where something is another by now, stands in the way, or the disk refuses; BusyError while
an episode is being transcribed. A function tells what it raises besides. Its `note` is private, for
the journal; `who` is the account that asks, "" for whoever uses the command.
"""
