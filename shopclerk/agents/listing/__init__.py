"""The listing helper: a picture and rough words in, a finished listing out, step by step and editable."""
