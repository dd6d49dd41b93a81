"""Which of several processes says what the collector lets through: each that serves, once, at its start; no other.

Two that are set up differently would else undo each other's policy for ever, and a command beside a running collector
would put the settings of a shell in force.
"""

import threading
from dataclasses import dataclass, field

from collector.policy import Policy, policy_in_force, put_in_force
from core.clickhouse import Database
from core.clock import Clock
from core.logs import get_logger


@dataclass
class Publisher:
    """Publishes the policy of one process. Shared by all threads. One that `gives_way` takes what is in force."""

    database: Database
    clock: Clock
    policy: Policy = field(default_factory=Policy)
    gives_way: bool = False
    _turn: threading.Lock = field(default_factory=threading.Lock, repr=False)  # else what was read could be old
    _published: bool = field(default=False, repr=False)
    _seen: dict[str, object] | None = field(default=None, repr=False)  # another policy that a warning told of

    def publish(self) -> bool:
        """Publish the policy the first time, and from then on what the registry says; return whether that was new.

        Where another process has published another policy meanwhile, that stays in force, and a warning says so once.
        Raises StoreError, DefinitionError (collector.policy).
        """
        with self._turn:
            before = policy_in_force(self.database)
            if before is None or not (self._published or self.gives_way):
                changed = self.policy.publish(self.database, self.clock)
                self._published = True
                return changed
            self._compare(before.general)
            return put_in_force(self.database, self.clock, before.general, before)

    def _compare(self, general: dict[str, object]) -> None:
        other = general if general != self.policy.general() else None
        if other and other != self._seen:
            get_logger("stallwatch.collector").warning(
                "another policy is in force than these settings ask for: limits and redaction are those of the process "
                "that started to serve last; give all the same settings"
            )
        self._seen = other
