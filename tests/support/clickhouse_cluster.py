"""Four real ClickHouse nodes on loopback as one cluster: two shards, each with two replicas.

There is no Keeper: `internal_replication` is off, so a Distributed table writes to both replicas of a shard itself.
"""

import socket
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from support.clickhouse_node import ClickHouseNode

CLUSTER = "hospital"
SHARDS = REPLICAS = 2
TRIES = 3
EXTRA = "<remote_servers><{cluster}>{shards}</{cluster}></remote_servers>"
SHARD = "<shard><internal_replication>false</internal_replication>{replicas}</shard>"
REPLICA = "<replica><host>127.0.0.1</host><port>{port}</port></replica>"


class ClickHouseCluster:
    """Two shards of two replicas: `with ClickHouseCluster(directory) as cluster: Database.open(cluster.dsn)`.

    `nodes` are in the order of shards, then replicas; each can be killed and started again, as ClickHouseNode says.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.nodes: tuple[ClickHouseNode, ...] = ()

    @property
    def dsn(self) -> str:
        """The DSN of the cluster: every node, the first of the first shard before the others."""
        hosts = ",".join(f"127.0.0.1:{node.http_port}" for node in self.nodes)
        return f"clickhouse://default@{hosts}/stallwatch?cluster={CLUSTER}"

    def start(self) -> None:
        """Start all nodes at once. Raises RuntimeError with what an engine said.

        Nodes must know each other's ports before they take them: where somebody was faster, others are tried.
        """
        for tries_left in range(TRIES - 1, -1, -1):
            self.nodes = self._with_ports(free_ports(2 * SHARDS * REPLICAS))
            try:
                with ThreadPoolExecutor(len(self.nodes)) as at_once:
                    list(at_once.map(ClickHouseNode.start, self.nodes))
            except RuntimeError:
                self.kill()
                if not tries_left:
                    raise
            else:
                return

    def kill(self) -> None:
        """End all nodes at once."""
        with ExitStack() as each:
            for node in self.nodes:
                each.callback(node.kill)

    def _with_ports(self, ports: Sequence[int]) -> tuple[ClickHouseNode, ...]:
        nodes = tuple(ClickHouseNode(self.directory / str(number)) for number in range(SHARDS * REPLICAS))
        for number, node in enumerate(nodes):
            node.http_port, node.tcp_port = ports[2 * number], ports[2 * number + 1]
        replicas = [REPLICA.format(port=node.tcp_port) for node in nodes]
        shards = ("".join(replicas[at : at + REPLICAS]) for at in range(0, len(replicas), REPLICAS))
        extra = EXTRA.format(cluster=CLUSTER, shards="".join(SHARD.format(replicas=shard) for shard in shards))
        for node in nodes:
            node.directory.mkdir(parents=True, exist_ok=True)
            (node.directory / "extra.xml").write_text(extra)
        return nodes

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()


def free_ports(count: int) -> list[int]:
    """Return ports of loopback that are free now, no two of them the same."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
