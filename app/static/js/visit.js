// The form of a visit: one button answers every check point with "no issue" and fills in what follows from it.
(function () {
  "use strict";
  function tick(form, name, value) {
    form.querySelectorAll("input[name='" + name + "']").forEach(function (box) {
      box.checked = box.value === value;
    });
  }
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-all-clear]");
    if (!button) { return; }
    var form = button.closest("form");
    form.querySelectorAll("input[type=radio][value=ok]").forEach(function (radio) { radio.checked = true; });
    tick(form, "result", button.dataset.noIssue);
    tick(form, "disposal", button.dataset.noFollowUp);
    form.dataset.changed = "1";
  });
})();
