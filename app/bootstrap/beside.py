"""The engine's process: what it is made of. The window's process makes it, over `sync.beside`.

It opens the same folder beside the window; the keyring stays the window's, which gives the account and the token along.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

from app import bootstrap
from app.errors import ExpectedError
from app.ports import SyncControl
from app.services import workplace
from app.services.workplace import Workplace
from sync.account import Account
from sync.beside import Beside, NotHere, PipeSecrets, Up, obey, settle_in, speaking
from sync.policy import Policy

Serve = Callable[[Connection], None]


def engine_beside(wp: Workplace) -> SyncControl:
    """The engine of this workplace in a process of its own, not started."""
    account = bootstrap.account_of(wp)
    if account is None:
        from sync.engine import NoServer

        return NoServer()
    token = wp.secrets.get(account.token_name)
    given = {account.token_name: token} if token else {}
    policy = bootstrap.policy_of(wp)
    serve = partial(_serve, folder=wp.folder, account=account, policy=policy, given=given)
    return Beside(serve, wp.clock, wp.secrets)


def _serve(
    pipe: Connection, *, folder: Path, account: Account, policy: Policy, given: dict[str, str]
) -> None:
    """The life of the process. What keeps it from working is said before it ends."""
    settle_in()
    up, clock = Up(pipe), bootstrap.SystemClock()
    try:
        with contextlib.ExitStack() as stack:
            stack.enter_context(workplace.sending(folder))
            secrets = PipeSecrets(given, up.send)
            wp = stack.enter_context(workplace.open_beside(folder, clock=clock, secrets=secrets))
            engine = stack.enter_context(contextlib.closing(bootstrap.engine_for(wp, account, policy)))
            speaking(engine, up)
            engine.start()
            obey(pipe, engine)
    except ExpectedError as error:
        up.send(NotHere(error.code))
