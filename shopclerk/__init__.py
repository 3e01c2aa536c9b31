"""shopclerk: an assistant for shops that finds products and keeps listings clean."""

__version__ = "0.1.0"
