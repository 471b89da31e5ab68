"""A real worker process for the tests: the product's worker with work of the test's own."""

from datetime import date, timedelta
from threading import Event

from app import create_app, worker
from app.domain.vocabulary import JobKind
from app.models import Holiday
from app.services.jobs import job
from app.services.transaction import transaction
from config import Testing

FIRST = date(2030, 1, 1)


class Background(Testing):
    JOBS_INLINE = False


def work(url, folder, stop_at):
    """Serve the database; a job waits when it has entered so many holidays, to be stopped or killed."""
    app = create_app(Background({"DATABASE_URL": url, "VAR_DIR": str(folder)}))

    @job(JobKind.EXPORT)
    def enter_holidays(running, count):
        with transaction() as session:
            for number in range(count):
                session.add(Holiday(on=FIRST + timedelta(days=number), is_working=False, name="样例"))
                session.flush()
                if number == stop_at:
                    (folder / "reached").touch()
                    running.stopping.wait()
                running.advance(number + 1, count)
        return {"entered": count}

    worker.run(app, 2, follow=False)


def wait_for(path):
    pause = Event()
    while not path.exists():
        pause.wait(0.02)
