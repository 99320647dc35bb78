"""What the machine gives: files, processes, connections, messages. It knows nothing of radio."""
