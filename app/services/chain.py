"""Heads of the hash chains: who may append next, and after what."""

from __future__ import annotations

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from app.models import ChainHead

GENESIS = "0" * 64
AUDIT = "audit"
DRAW_LOG = "draw_log"


def ensure_heads(session: Session) -> None:
    """Create the heads of both chains where they are missing."""
    for name in (AUDIT, DRAW_LOG):
        if session.get(ChainHead, name) is None:
            session.execute(insert(ChainHead).values(name=name, number=0, head_hash=GENESIS))


def hold(session: Session, name: str) -> None:
    """Keep the chain for this transaction without appending yet, so that whatever is counted now stays so."""
    session.execute(
        update(ChainHead).where(ChainHead.name == name).values(number=ChainHead.number),
        execution_options={"synchronize_session": False},
    )


def number_of(session: Session, name: str) -> int:
    """The number of the newest link; 0 before the first."""
    return session.get_one(ChainHead, name, populate_existing=True).number


def take_next(session: Session, name: str) -> tuple[int, str]:
    """The number of the next link and the hash that it follows; holds the chain for this transaction."""
    session.execute(
        update(ChainHead).where(ChainHead.name == name).values(number=ChainHead.number + 1),
        execution_options={"synchronize_session": False},
    )
    head = session.get_one(ChainHead, name, populate_existing=True)
    return head.number, head.head_hash


def set_head(session: Session, name: str, new_hash: str) -> None:
    """Remember the hash of the link just appended."""
    session.execute(
        update(ChainHead).where(ChainHead.name == name).values(head_hash=new_hash),
        execution_options={"synchronize_session": False},
    )
