"""Importers: event logs of other tools, sent through the collector's own path.

Owns the OCEL 2.0 log in its four forms (JSON, XML, SQLite, folder of CSV tables), the vocabularies that translate its
names, and the check of the whole log before the first record is sent. Never stores anything itself and never drops a
row in silence: what cannot be imported is named, and with `skip_broken` quarantined. Read `ocel.py` first.
"""

from collector.receipts import Receipt
from stallwatch.importers.broken import Broken, ImportFileError
from stallwatch.importers.log import Counts, OcelEvent, OcelLog, OcelObject, OcelReference
from stallwatch.importers.ocel import ImportReport, Progress, Send, import_ocel
from stallwatch.importers.staging import open_log
from stallwatch.importers.vocabulary import Vocabulary, load_vocabulary

__all__ = [
    "Broken",
    "Counts",
    "ImportFileError",
    "ImportReport",
    "OcelEvent",
    "OcelLog",
    "OcelObject",
    "OcelReference",
    "Progress",
    "Receipt",
    "Send",
    "Vocabulary",
    "import_ocel",
    "load_vocabulary",
    "open_log",
]
