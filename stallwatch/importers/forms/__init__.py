"""The four forms of an OCEL 2.0 log, and how to tell them apart by what is in them, not by the file's name."""

from pathlib import Path

from stallwatch.importers.broken import ImportFileError
from stallwatch.importers.forms.csv_tables import CsvTables
from stallwatch.importers.forms.json_form import JsonForm
from stallwatch.importers.forms.sqlite_tables import SqliteTables
from stallwatch.importers.forms.tables import TablesForm
from stallwatch.importers.forms.xml_form import XmlForm
from stallwatch.importers.rows import Form

SQLITE_MAGIC = b"SQLite format 3\0"  # https://www.sqlite.org/fileformat.html#the_database_header
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def open_form(path: Path) -> Form:
    """Open a log in whichever form it has. Raises ImportFileError where it is none or cannot be read."""
    if path.is_dir():
        return TablesForm(CsvTables(path))
    beginning = _beginning(path)
    if beginning.startswith(SQLITE_MAGIC):
        return TablesForm(SqliteTables(path))
    text = beginning.removeprefix(BYTE_ORDER_MARK).lstrip()
    if text.startswith(b"{"):
        return JsonForm(path)
    if text.startswith(b"<"):
        return XmlForm(path)
    message = f"{path} is not an OCEL 2.0 log: neither JSON, XML, SQLite nor a folder of CSV tables"
    raise ImportFileError(message)


def _beginning(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(1024)
    except OSError as error:
        message = f"cannot read {path}: {error.strerror}"
        raise ImportFileError(message) from None
