"""The page of a draw, its files, and the answer to one firm; the hall."""

import gzip
import hashlib
import io
import zipfile

import pytest

import config
from app.domain.vocabulary import DisclosureKind, Stratification
from app.extensions import db
from app.models import AuditEvent, Disclosure, Draw, DrawnTarget
from app.security.roles import INSPECTOR, PLANNER
from app.services.drawing import void_draw
from app.services.public_draw import check_number
from app.services.withdrawing import withdraw
from tests.builders import NOW, PASSWORD, World
from tests.conftest import make_app


@pytest.fixture
def world(app):
    return World(enterprises=12)


@pytest.fixture
def draw(world):
    world.open()
    return newest_draw()


@pytest.fixture
def sealed(world):
    world.open(stratification=Stratification.RISK)
    return newest_draw()


def newest_draw():
    return db.session.query(Draw).order_by(Draw.id.desc()).first()


def a_drawn_firm(draw):
    return db.session.query(DrawnTarget).filter_by(draw_id=draw.id, is_reserve=False).first().identifier


def ask(client, draw, code, **more):
    return client.post(f"/public/draws/{draw.number}/firm", data={"code": code, **more})


def as_planner(app):
    client = app.test_client()
    assert client.post("/login/", data={"username": "planner", "password": PASSWORD}).status_code == 302
    return client


def test_the_page_shows_formula_records_log_and_files(client, draw):
    page = client.get(f"/public/draws/{draw.number}").text
    for shown in (
        "⌈12 × 30%⌉ = 4",
        draw.plan_hash,
        draw.result_hash,
        draw.roster_root,
        "roster.tsv",
        'class="qr"',
    ):
        assert shown in page


def test_no_page_of_a_draw_claims_a_proof_by_itself(client, draw):
    page = client.get(f"/public/draws/{draw.number}").text
    before_texts = page.partition('id="verify-texts"')[0]
    assert "✓" not in before_texts


def test_the_zip_and_the_single_files_are_the_same(client, draw):
    with client.get(f"/public/draws/{draw.number}/bundle.zip") as answer:
        assert f"{draw.number}.zip" in answer.headers["Content-Disposition"]
        whole = io.BytesIO(answer.data)
    with zipfile.ZipFile(whole) as archive:
        assert len(archive.namelist()) > 14
        for name in archive.namelist():
            file = client.get(f"/public/draws/{draw.number}/files/{name}")
            assert file.data == archive.read(name), name
            assert file.get_etag()[0] == hashlib.sha256(file.data).hexdigest()


def test_a_file_is_compressed_for_who_asks_and_not_sent_again(client, draw):
    address = f"/public/draws/{draw.number}/files/roster.tsv"
    plain, packed = client.get(address), client.get(address, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    again = client.get(address, headers={"If-None-Match": plain.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    "name", ["staff.json", "excluded.tsv", "../../etc/passwd", "..%2Fplan.txt", "drawn/", "nothing"]
)
def test_only_files_of_the_bundle_are_handed_out(client, draw, name):
    assert client.get(f"/public/draws/{draw.number}/files/{name}").status_code in (404, 308)


def test_r29_a_sealed_draw_hands_out_no_roster(client, sealed):
    assert client.get(f"/public/draws/{sealed.number}/files/roster.tsv").status_code == 404
    page = client.get(f"/public/draws/{sealed.number}").text
    labels = {quota.stratum_label for quota in sealed.quotas}
    assert not [label for label in labels if label in page]


def test_one_firm_is_answered_with_row_proof_and_shell_line(client, draw):
    identifier = a_drawn_firm(draw)
    answer = ask(client, draw, identifier)
    case = answer.get_json()
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    assert case["row"].startswith(identifier)
    assert case["inclusion"]["row"] == case["row"]
    assert case["lots"][0]["shell"].startswith("printf '%s:%s' ")


def test_a_firm_that_is_not_there_gets_its_neighbours(client, draw):
    case = ask(client, draw, "ZZZ").get_json()
    assert (case["verdict"], case["row"], case["exclusion"]["right"]) == ("absent", None, None)
    assert case["exclusion"]["left"]["index"] == 11


def test_a_wrong_code_is_answered_with_a_sentence(client, draw):
    answer = ask(client, draw, "不是代码")
    assert answer.status_code == 400
    assert "不是代码" in answer.get_json()["sentence"]


def test_r29_row_and_salt_only_with_the_check_number(client, sealed):
    identifier = a_drawn_firm(sealed)
    locked = ask(client, sealed, identifier).get_json()
    assert (locked["row"], locked["salt"], locked["ranks"]) == (None, None, {})
    assert ask(client, sealed, identifier, check="0000-0000-0000").status_code == 400
    opened = ask(client, sealed, identifier, check=check_number(sealed, identifier)).get_json()
    assert opened["row"].startswith(identifier)
    assert len(opened["salt"]) == 32


def test_before_disclosure_nothing_of_the_result_is_public(client, world):
    task = world.drawn()
    draw = newest_draw()
    page = client.get(f"/public/draws/{draw.number}")
    assert page.status_code == 200
    assert draw.plan_hash in page.text
    assert draw.result_hash not in page.text
    assert draw.seed_hash not in page.text
    assert a_drawn_firm(draw) not in page.text
    assert task
    for end in ("bundle.zip", "files/roster.tsv", "files/plan.txt"):
        assert client.get(f"/public/draws/{draw.number}/{end}").status_code == 404
    assert ask(client, draw, "ZZZ").status_code == 404


def test_a_draw_without_notice_does_not_exist_in_public(client, world):
    world.task()
    assert client.get("/public/draws/SW-2026-0001-1").status_code == 404


def test_r57_a_withdrawn_result_hands_out_nothing(client, world, draw):
    row = db.session.query(Disclosure).filter_by(kind=DisclosureKind.DRAW).one()
    withdraw(row.id, "公示有误", world.approver, NOW)
    page = client.get(f"/public/draws/{draw.number}").text
    assert "公示有误" in page
    assert a_drawn_firm(draw) not in page
    assert client.get(f"/public/draws/{draw.number}/bundle.zip").status_code == 410
    assert ask(client, draw, "ZZZ").status_code == 410


def test_r31_a_void_draw_says_so(client, world):
    task = world.drawn()
    number = newest_draw().number
    void_draw(task, "名单有误", world.planner, world.witness, NOW)
    assert "名单有误" in client.get(f"/public/draws/{number}").text


class Guarded(config.Testing):
    """With limits and form tokens switched on, as in production."""

    RATELIMIT_ENABLED = True
    WTF_CSRF_ENABLED = True


def test_questions_need_no_token_but_are_slowed_down(tmp_path):
    app = make_app(f"sqlite:///{tmp_path / 'guarded.db'}", settings=Guarded, VAR_DIR=str(tmp_path))
    client = app.test_client()
    answers = [client.post("/public/draws/nothing/firm", data={"code": "X"}).status_code for _ in range(31)]
    with app.app_context():
        db.engine.dispose()
    assert answers == [404] * 30 + [429]


def test_the_hall_shows_only_what_is_on_record(app, world):
    task = world.task()
    client = as_planner(app)
    state = f"/hall/{task}/state"
    assert client.get(f"/hall/{task}").status_code == 200
    assert client.get(state).get_json() == {"stage": "none"}
    world.freeze(task)
    frozen = client.get(state).get_json()
    assert (frozen["stage"], frozen["seeds"][0]["value"], frozen["groups"]) == ("planned", None, [])
    assert newest_draw().roster_root in client.get(f"/hall/{task}").text
    world.seed(task)
    seeded = client.get(state).get_json()
    assert (seeded["stage"], seeded["seeds"][0]["value"], seeded["groups"]) == (
        "seeded",
        "31415926535897932384",
        [],
    )
    world.draw(task)
    drawn = client.get(state).get_json()
    lots = drawn["groups"][0]["lots"]
    assert [lot["ticket"] for lot in lots] == sorted(lot["ticket"] for lot in lots)
    assert (drawn["groups"][0]["count"], drawn["groups"][0]["cutoff"]) == (4, lots[-1]["ticket"])


def test_r29_the_hall_of_a_sealed_draw_shows_one_ascending_list(app, sealed):
    groups = as_planner(app).get(f"/hall/{sealed.task_id}/state").get_json()["groups"]
    assert len(groups) == 1
    codes = [lot["identifier"] for lot in groups[0]["lots"]]
    assert codes == sorted(codes)
    assert groups[0]["cutoff"] is None


def test_the_hall_is_for_who_may_see_tasks(sign_in, client, draw):
    assert client.get(f"/hall/{draw.task_id}").status_code == 302
    inspector = sign_in(INSPECTOR, username="somebody")
    assert inspector.get(f"/hall/{draw.task_id}", follow_redirects=True).status_code in (200, 403)
    assert draw.roster_root not in inspector.get(f"/hall/{draw.task_id}", follow_redirects=True).text


def test_r29_telling_a_check_number_stands_on_record(app, sealed):
    identifier = a_drawn_firm(sealed)
    client = as_planner(app)
    page = client.post(f"/hall/{sealed.task_id}/check-number", data={"code": identifier})
    assert check_number(sealed, identifier) in page.text
    event = db.session.query(AuditEvent).filter_by(tag="draw:check_number").one()
    assert (event.actor_name, event.subject) == ("planner", sealed.number)
    wrong = client.post(f"/hall/{sealed.task_id}/check-number", data={"code": "ZZZ"})
    assert check_number(sealed, "ZZZ") not in wrong.text


def test_the_planner_alone_may_tell_check_numbers():
    from app.security.roles import GRANTS

    assert [role for role, views in GRANTS.items() if "disclose" in views.get("InspectionTask", ())] == [
        PLANNER
    ]
