"""Every error that shopclerk raises on purpose.

A message says what was wrong, the value, what is allowed and how to mend it.

    ShopclerkError
    ├── SettingError          a setting or flag that cannot work
    ├── CatalogError          a catalogue that cannot be read or written
    │   ├── UnreadableFileError   the file as a whole, not one row of it
    │   ├── RowError              one row; goes to the reject file
    │   ├── FilterError           a filter or sort on an unknown field or operator
    │   ├── UnknownProductError   an id that is not in the catalogue
    │   ├── UnknownPictureError   a name that no picture of the conversation has
    │   ├── TaxonomyError         a taxonomy that cannot be read, or a category that it does not hold
    │   └── StorageError          disk full, locked, damaged
    ├── ModelError            a model that cannot be used
    │   ├── MissingModelError     not installed or not found
    │   ├── EndpointError         the chat endpoint is down, slow or answers nonsense
    │   └── TrainingError         a recipe, its data or a checkpoint that training cannot use
    ├── PromptError           a prompt file that cannot be loaded or rendered
    ├── DataFormatError       an evaluation file that breaks its format
    ├── ToolError             what a tool tells the chat model
    │   ├── TryAgainError         other arguments may work
    │   └── ToolFailedError       say so to the shopper
    └── PictureError          a picture, box or fingerprint that cannot be used
"""

from collections.abc import Iterable


class ShopclerkError(Exception):
    """Base of every error with a message meant for people."""


class SettingError(ShopclerkError):
    """A setting or flag that cannot work."""


class CatalogError(ShopclerkError):
    """A catalogue that cannot be read or written."""


class UnreadableFileError(CatalogError):
    """A file that cannot be read at all."""


class RowError(CatalogError):
    """One row that cannot become a product."""


class FilterError(CatalogError):
    """A filter or sort on an unknown field or with an unknown operator."""


class UnknownProductError(CatalogError):
    """A product id that the catalogue does not hold."""


class UnknownPictureError(CatalogError):
    """A name that no picture of the conversation has."""


class TaxonomyError(CatalogError):
    """A taxonomy that cannot be read, or a category that it does not hold."""


class StorageError(CatalogError):
    """The disk is full, the store is locked by another process, or a file is damaged."""


class ModelError(ShopclerkError):
    """A model that cannot be used."""


class MissingModelError(ModelError):
    """A model that is not installed or not where the setting points."""


class EndpointError(ModelError):
    """The chat endpoint is down, too slow, or answers something else than asked."""


class TrainingError(ModelError):
    """A recipe, its data, or a checkpoint that training cannot use."""


class PromptError(ShopclerkError):
    """A prompt file that cannot be loaded or rendered."""


class DataFormatError(ShopclerkError):
    """An evaluation file that breaks its format; names file, line and key."""


class ToolError(ShopclerkError):
    """What a tool tells the chat model instead of a result."""


class TryAgainError(ToolError):
    """Other arguments may work."""


class ToolFailedError(ToolError):
    """The tool cannot answer now, whatever the arguments."""


class PictureError(ShopclerkError):
    """A picture that cannot be read, or a region or fingerprint that cannot be one."""


def unknown(kind: str, value: str, known: Iterable[str], closest: str | None = None) -> str:
    """Write the sentence for a value that is not among the known ones.

    Args:
        kind: What the value is, for instance `category`.
        value: The value given.
        known: The allowed values; the first twelve are shown.
        closest: The allowed value most like the one given, if any is.
    """
    names = list(known)
    shown = ", ".join(names[:12]) + (", …" if len(names) > 12 else "")
    hint = f" Closest: '{closest}'." if closest else ""
    return f"Unknown {kind} '{value}'. Known here: {shown or 'none'}.{hint}"
