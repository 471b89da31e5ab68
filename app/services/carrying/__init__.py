"""Carrying a whole installation: into a backup, back out of one, from one database to another.

Every way uses one form of the rows, the text of PostgreSQL's COPY in the order of the keys, whatever the
database: so a backup taken on SQLite is restored on PostgreSQL, and two databases that hold the same have
the same digests.
"""

from app.services.carrying.archive import restore_backup, take_backup
from app.services.carrying.copying import copy_everything

__all__ = ["copy_everything", "restore_backup", "take_backup"]
