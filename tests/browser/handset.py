"""A phone in the hand of an inspector: signed in, on the page of a visit, typing."""

from tests.builders import PASSWORD

SIZE = {"width": 360, "height": 740}
OUTBOX = """() => new Promise((resolve) => {
  const asked = indexedDB.open("on-the-spot");
  asked.onsuccess = () => {
    const base = asked.result;
    if (!base.objectStoreNames.contains("outbox")) { base.close(); resolve([]); return; }
    const all = base.transaction("outbox").objectStore("outbox").getAll();
    all.onsuccess = () => { base.close(); resolve(all.result.map(({blob, ...item}) => item)); };
  };
})"""


class Handset:
    """`complaints` collects what the page logged as an error beside a network that is away."""

    def __init__(self, chromium, address, username, **options):
        self.address, self.username = address, username
        given = {
            "viewport": SIZE,
            "has_touch": True,
            "is_mobile": True,
            "locale": "zh-CN",
            "timezone_id": "Asia/Shanghai",
            "permissions": ["geolocation"],
            "geolocation": {"latitude": 43.88, "longitude": 125.32, "accuracy": 20},
        }
        self.context = chromium.new_context(**(given | options))
        self.complaints = []
        self.page = self._page()
        self.sign_in()

    def _page(self):
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def sign_in(self):
        self.page.goto(f"{self.address}/login/")
        self.page.fill("#username", self.username)
        self.page.fill("#password", PASSWORD)
        self.page.click("button.primary")
        self.page.wait_for_url("**/")

    def open(self, visit):
        self.page.goto(f"{self.address}/phone/visits/{visit}")
        self.ready()

    def ready(self):
        self.page.wait_for_selector("html[data-ready]")

    def slot(self, finding, field):
        return self.page.locator(f"[data-finding='{finding}'] [data-slot='{field}']")

    def write(self, finding, field, text):
        """Type a text and leave the field."""
        box = self.slot(finding, field).locator("[data-input]")
        box.fill(text)
        box.evaluate("box => box.blur()")

    def tick(self, finding, field, value):
        slot = self.slot(finding, field)
        for fold in slot.locator("xpath=descendant-or-self::details | ancestor::details").all():
            fold.evaluate("fold => { fold.open = true; }")
        slot.locator(f"input[value='{value}']").check(force=True)

    def clear_all(self, finding):
        self.page.click(f"[data-finding='{finding}'] [data-all-clear]")

    def complete(self, finding):
        self.page.click(f"[data-finding='{finding}'] [data-complete]")

    def standing(self, finding):
        return self.page.inner_text(f"[data-finding='{finding}'] [data-standing]")

    def sign(self, signer, name=""):
        """Draw something in the box of a signer: "enterprise/" or "inspector/7"."""
        self.page.click(f"[data-signer='{signer}'] [data-sign]")
        if name:
            self.page.fill("#signer", name)
        box = self.page.locator("#pad canvas").bounding_box()
        self.page.mouse.move(box["x"] + 30, box["y"] + 60)
        self.page.mouse.down()
        for step in range(12):
            self.page.mouse.move(box["x"] + 30 + step * 15, box["y"] + 60 + (step % 3) * 25)
        self.page.mouse.up()
        self.page.click("#pad [data-keep]")

    def outbox(self):
        return self.page.evaluate(OUTBOX)

    def wait_sent(self, timeout=60_000):
        """Until the page says that nothing waits on the device."""
        sent = "html:not([data-busy]) #saved[data-unsent='0']"
        self.page.wait_for_selector(sent, timeout=timeout, state="attached")

    def kick(self):
        """What a browser tells a page when the network is back."""
        self.page.evaluate("() => window.dispatchEvent(new Event('online'))")

    def close(self):
        self.context.close()
