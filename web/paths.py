"""How an object stands in a path: its type, then its id, which may hold anything: slashes, and newlines too."""

from starlette.convertors import Convertor, register_url_convertor

OBJECT = "{type}/{id:any_text}"
EVENT = "{event_id:any_text}"


class _AnyText(Convertor[str]):
    """Everything to the end. Starlette's own `path` ends at a newline."""

    regex = "(?s:.*)"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("any_text", _AnyText())
