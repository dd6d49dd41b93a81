from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.dsn import EmbeddedStore, ListeningStore, embedded_dsn, read_dsn, without_password
from core.errors import SettingsError


def test_an_embedded_store_is_a_directory() -> None:
    assert read_dsn("chdb:///var/lib/stallwatch/db") == EmbeddedStore(Path("/var/lib/stallwatch/db"), "stallwatch")


def test_a_listening_store_has_the_usual_port_user_and_database() -> None:
    assert read_dsn("clickhouse://ch") == ListeningStore("ch", 8123, "default", "", secure=False, database="stallwatch")


def test_a_secure_listening_store_has_the_usual_secure_port() -> None:
    assert read_dsn("clickhouses://u:p%40ss%2Fword@ch/p2p") == ListeningStore(
        "ch", 8443, "u", "p@ss/word", secure=True, database="p2p"
    )


def test_a_database_asked_for_goes_before_the_one_of_the_dsn() -> None:
    assert read_dsn("clickhouse://ch/p2p", database="other").database == "other"


def test_a_cluster_is_told_by_its_name_and_all_of_its_nodes() -> None:
    store = read_dsn("clickhouse://u:p%2Cw@one:8124,two,three:9/p2p?cluster=hospital")

    assert store == ListeningStore(
        "one", 8124, "u", "p,w", secure=False, database="p2p",
        cluster="hospital", nodes=(("one", 8124), ("two", 8123), ("three", 9)),
    )  # fmt: skip


def test_the_name_of_a_cluster_is_a_plain_word() -> None:
    with pytest.raises(SettingsError, match="the cluster name 'a-b' must be letters, digits and underscores"):
        read_dsn("clickhouse://one,two/p2p?cluster=a-b")


@pytest.mark.parametrize(
    "dsn",
    [
        "",
        "ch:8123",
        "postgres://u:hunter2@h/d",
        "chdb://",
        "chdb:///",
        "chdb://relative/dir",
        "clickhouse://",
        "clickhouse://u:hunter2@",
        "clickhouse://u:hunter2@h:port/d",
        "clickhouse://u:hunter2@h:99999/d",
        "clickhouse://u:hun#ter2@h/d",
        "clickhouse://u:hun/ter2@h/d",
        "clickhouse://u:hunter2@[::1/d",
        "clickhouse://u:hunter2@h/d?secure=1",
        "clickhouse://u:hunter2@one,two/d",
        "clickhouse://u:hunter2@one,,two/d?cluster=c",
        "clickhouse://u:hunter2@one,two:port/d?cluster=c",
        "chdb:///dir?cluster=c",
    ],
)
def test_a_dsn_that_cannot_be_understood_is_refused_and_its_password_not_shown(dsn: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read_dsn(dsn)

    assert str(refused.value).startswith(
        "the store must be chdb:///dir or clickhouse://user:password@host:8123/database"
    )
    assert "hun" not in str(refused.value)


@pytest.mark.parametrize("name", ["a-b", "1a", "a/b", "a`; DROP DATABASE b"])
def test_a_database_name_is_a_plain_word(name: str) -> None:
    with pytest.raises(SettingsError, match="must be letters, digits and underscores"):
        read_dsn("clickhouse://h", database=name)


@given(st.text(st.characters(codec="utf-8")))
def test_no_password_is_shown_however_it_is_written(password: str) -> None:
    shown = without_password(f"clickhouse://user:{password}@host:8123/database")

    assert shown == "clickhouse://user:***@host:8123/database"


def test_a_store_has_no_repr_that_shows_its_password() -> None:
    assert "hunter2" not in repr(read_dsn("clickhouse://u:hunter2@h/d"))


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=20), min_size=1))
def test_the_dsn_of_a_directory_reads_back_as_that_directory(parts: list[str]) -> None:
    directory = Path("/", *(f"d{part}" for part in parts))

    assert read_dsn(embedded_dsn(directory)) == EmbeddedStore(directory, "stallwatch")
