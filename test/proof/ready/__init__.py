"""What is imported and done once for all programs, before the process is forked for each: none of it starts a thread."""
