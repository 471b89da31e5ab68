"""Two readers never see each other's filters, however the threads interleave."""

import re
import sys
from concurrent.futures import ThreadPoolExecutor

THREADS = 8
PAGES_EACH = 12
NAMES = [f"kind{letter}" for letter in "abcdefgh"]


def test_no_filter_crosses_threads(enter, tools):
    tools(*[f"{name}-{number}" for name in NAMES for number in range(6)])
    clients = [enter() for _name in NAMES]
    previous = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(THREADS) as pool:
            wrong = sum(pool.map(foreign_pages, clients, NAMES))
    finally:
        sys.setswitchinterval(previous)
    assert wrong == 0


def foreign_pages(client, name):
    """How many of this reader's pages hold a row or a search value of somebody else."""
    wrong = 0
    for _page in range(PAGES_EACH):
        text = client.get(f"/tools/list/?name={name}").text
        seen = set(re.findall(r">(kind[a-h])-\d<", text))
        wrong += seen != {name} or f'value="{name}"' not in text
    return wrong
