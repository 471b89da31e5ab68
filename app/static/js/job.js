// The progress of a job is fetched again until it has ended; then the whole page is.
(function () {
  "use strict";
  var box = document.getElementById("job-state");
  if (!box || !box.dataset.poll) { return; }
  var pause = 1000;

  function later() { window.setTimeout(ask, pause); }

  function ask() {
    if (document.hidden) { later(); return; }
    fetch(box.dataset.poll, { credentials: "same-origin" }).then(function (answer) {
      if (!answer.ok || answer.redirected) { throw new Error(String(answer.status)); }
      return answer.text();
    }).then(function (text) {
      box.innerHTML = text;
      pause = 1000;
      var ended = box.querySelector("[data-ended='1']");
      if (ended) { window.location.reload(); } else { later(); }
    }).catch(function () {
      pause = Math.min(pause * 2, 15000);
      later();
    });
  }

  later();
})();
