"""The parts of the text normaliser and the title writers."""
