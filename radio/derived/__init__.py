"""What is made of the truth, and saved."""
