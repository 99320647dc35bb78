"""What goes on by itself: the files are followed, and what is missing is made of them."""
