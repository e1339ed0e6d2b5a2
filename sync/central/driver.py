"""The one place of the centre that imports the SQLite driver.

pysqlite3 carries SQLite 3.53: every version from 3.7.0 to 3.51.2 can corrupt a WAL database that two connections use
(the WAL-reset bug), and CPython brings 3.40-3.45. Its exceptions are its own, so nobody else names either module.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite3 import Connection, Error, IntegrityError, OperationalError, Row, connect
else:
    from pysqlite3.dbapi2 import Connection, Error, IntegrityError, OperationalError, Row, connect

__all__ = ["Connection", "Error", "IntegrityError", "OperationalError", "Row", "connect"]
