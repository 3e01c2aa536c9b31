"""What is wrong with a listing: rules and models that find it, say where, how bad, and how to mend it."""
