"""Art. 8: departments are told in the system, and by mail where one is set up; nothing is lost, all is on record."""

from datetime import timedelta

import pytest

from app.domain import policy
from app.domain.lifecycle import IllegalTransition
from app.domain.vocabulary import JobKind, MailState, OutboxKind
from app.extensions import db
from app.models import Job, OutboxMessage
from app.services import outbox
from app.services.transaction import transaction
from tests.builders import NOW, World
from tests.builders_joint import agency
from tests.mail_server import MailServer


@pytest.fixture
def server(app):
    made = MailServer()
    before = {name: app.config[name] for name in made.settings}
    app.config.update(made.settings)
    yield made
    app.config.update(before)
    made.stop()


@pytest.fixture
def world(app):
    made = World(enterprises=1, inspectors=1)
    agency("A02").email = "scjg@example.cn"
    db.session.commit()
    return made


def post(code="A02", now=NOW):
    with transaction() as session:
        message = outbox.post(
            session, OutboxKind.PLAN_ASKED, agency(code), "征求意见：汽车", "请答复。", "joint:1", now
        )
        session.flush()
        return message.id


def found(key):
    db.session.expire_all()
    return db.session.get(OutboxMessage, key)


def test_without_a_mail_server_a_message_stands_in_the_system(world):
    key = post()
    assert found(key).state == MailState.INSIDE
    assert outbox.send_waiting(NOW) == {"sent": 0, "again": 0, "failed": 0}
    assert [row.id for row in outbox.messages_about(db.session(), "joint:1")] == [key]


def test_a_department_without_an_address_is_told_in_the_system_only(world, server):
    assert found(post("A03")).state == MailState.INSIDE


def test_a_message_goes_out_after_the_commit_by_a_job(world, server):
    key = post()
    assert found(key).state == MailState.SENT
    mail = server.taken[0]
    assert (mail["To"], mail["Subject"]) == ("scjg@example.cn", "征求意见：汽车")
    assert mail.get_content().strip() == "请答复。"
    assert db.session.query(Job).filter_by(kind=JobKind.OUTBOX).count() == 1


def test_the_messages_of_one_act_are_one_job(world, server):
    with transaction() as session:
        for place in range(3):
            outbox.post(session, OutboxKind.PLAN_ASKED, agency("A02"), f"第{place}件", "正文", "joint:1", NOW)
    assert len(server.taken) == 3
    assert db.session.query(Job).filter_by(kind=JobKind.OUTBOX).count() == 1


def test_an_act_that_is_undone_tells_nobody(world, server):
    def undone():
        with transaction() as session:
            outbox.post(session, OutboxKind.PLAN_ASKED, agency("A02"), "作废的", "正文", "joint:1", NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        undone()
    assert (server.taken, db.session.query(OutboxMessage).count()) == ([], 0)


def test_a_refused_message_is_tried_again_later(world, server):
    server.refusals = 1
    key = post()
    assert found(key).state == MailState.WAITING
    assert outbox.send_waiting(NOW + timedelta(minutes=1))["sent"] == 0
    later = NOW + timedelta(minutes=policy.JOINT.mail_pause_minutes)
    assert outbox.send_waiting(later) == {"sent": 1, "again": 0, "failed": 0}
    assert [(row.is_done, "550" in row.answer) for row in found(key).tries] == [(False, True), (True, False)]


def test_a_message_that_nobody_takes_is_given_up_and_an_operator_may_try_it_again(world, server):
    server.refusals = policy.JOINT.mail_attempts
    key, moment = post(), NOW
    for _ in range(policy.JOINT.mail_attempts):
        moment += timedelta(hours=2)
        outbox.send_waiting(moment)
    assert (found(key).state, len(found(key).tries)) == (MailState.FAILED, policy.JOINT.mail_attempts)
    outbox.retry(key, world.planner, moment)
    assert found(key).state == MailState.SENT
    with pytest.raises(IllegalTransition):
        outbox.retry(key, world.planner, moment)


def test_a_server_that_is_away_loses_nothing(world, server, app):
    server.stop()
    key = post()
    assert found(key).state == MailState.WAITING
    assert "连接不上邮件服务器" in found(key).tries[0].answer


def test_the_sweep_of_the_worker_sends_what_is_due(world, server):
    server.refusals = 1
    key = post()
    assert not outbox.wake(NOW + timedelta(minutes=1))
    assert outbox.wake(NOW + timedelta(hours=1))
    assert found(key).state == MailState.SENT
    assert not outbox.wake(NOW + timedelta(hours=2))


def test_the_daily_round_sends_what_is_due(world, server, app):
    server.refusals = 1
    key = post()
    message = found(key)
    message.next_at = NOW
    db.session.commit()
    result = app.test_cli_runner().invoke(args=["daily"])
    assert (result.exit_code, '"mail_sent": 1' in result.output) == (0, True), result.output


def test_a_message_that_is_no_letter_holds_up_no_other(world, server):
    agency("A03").email = "not an address\r\nBcc: everybody@example.cn"
    db.session.commit()
    bad, good = post("A03"), post()
    assert (found(bad).state, found(good).state) == (MailState.WAITING, MailState.SENT)
    assert found(bad).tries[0].answer == "收件地址或内容不能作为邮件寄出"
    assert len(server.taken) == 1


def test_a_subject_is_one_line(world, server):
    with transaction() as session:
        outbox.post(session, OutboxKind.PLAN_ASKED, agency("A02"), "汽车\n销售", "请答复。", "joint:1", NOW)
    assert server.taken[0]["Subject"] == "汽车 销售"


def test_a_waiting_message_is_not_given_up_while_mail_is_switched_off(world, server, app):
    server.refusals = 1
    key = post()
    app.config["SMTP_HOST"] = ""
    assert outbox.send_waiting(NOW + timedelta(days=1)) == {"sent": 0, "again": 0, "failed": 0}
    assert len(found(key).tries) == 1
