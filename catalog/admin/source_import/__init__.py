"""Import from sources: the form that collects sources of one series, and the pages on which they are reviewed."""

from catalog.admin.source_import.admin import SourceImportAdmin

__all__ = ["SourceImportAdmin"]
