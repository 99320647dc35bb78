"""What goes on by itself: the files are followed, and what is missing of them is made."""
