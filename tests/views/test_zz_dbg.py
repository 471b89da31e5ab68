from tests.views.test_matching_page import world, enter, form_of
from tests.builders import *
import sqlite3, gc
def cursors(tag):
    for o in gc.get_objects():
        if isinstance(o, sqlite3.Cursor):
            print(tag, "CURSOR", [getattr(r,'statement',type(r)) for r in gc.get_referrers(o)][:6])
def test_a(world, enter):
    task = world.open()
    c = enter("approver")
    d = form_of(task)
    gc.collect(); gc.disable(); cursors("before")
    r = c.post(f"/matching/{task}/substitute", data=d)
    cursors("after")
def test_b(app):
    cursors("b")
    gc.enable()
    World()
