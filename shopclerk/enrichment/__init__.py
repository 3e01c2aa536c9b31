"""What can be done to a file of listings: the steps by name, opened with the shop they know, and one call for a file."""
