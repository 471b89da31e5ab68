// Behaviour of the frame: search key, confirmation, remote options, chosen rows. No inline scripts anywhere.
(function ($) {
  "use strict";
  var chinese = document.documentElement.lang.indexOf("zh") === 0;
  var words = chinese
    ? {
        errorLoading: function () { return "无法载入选项"; },
        inputTooShort: function (a) { return "请再输入 " + (a.minimum - a.input.length) + " 个字符"; },
        loadingMore: function () { return "正在载入更多…"; },
        noResults: function () { return "没有匹配的选项"; },
        searching: function () { return "正在查找…"; },
        removeAllItems: function () { return "清除"; },
        removeItem: function () { return "移除"; }
      }
    : undefined;

  // The box drawn in the place of a select is read out by the select's label, then by what is chosen.
  function nameBox(select) {
    var label = $('label[for="' + select.id + '"]').first();
    if (!label.length) { return; }
    if (!label[0].id) { label[0].id = select.id + "-label"; }
    var box = $(select).next(".select2-container"), chosen = box.find("span.select2-selection__rendered");
    chosen.attr("aria-labelledby", label[0].id);
    box.find(".select2-selection--single").attr("aria-labelledby", label[0].id + " " + chosen.attr("id"));
    box.find(".select2-selection--multiple, .select2-search__field").attr("aria-labelledby", label[0].id);
  }

  $("select.remote").each(function () {
    var select = $(this);
    select.select2({
      language: words,
      width: "100%",
      dropdownParent: select.closest("main, body"),
      allowClear: !this.multiple,
      placeholder: select.data("placeholder") || "",
      ajax: {
        url: select.data("url"),
        delay: 200,
        data: function (asked) { return { q: asked.term || "" }; }
      }
    });
    nameBox(this);
  });
  $(document).on("select2:open", function (event) {
    var open = $(".select2-container--open"), named = $('label[for="' + event.target.id + '"]').attr("id");
    open.find(".select2-search__field").attr("aria-labelledby", named).last().trigger("focus");
    open.find(".select2-results__options").attr("aria-labelledby", named);
    open.find("[role=combobox]").attr("aria-controls", function () { return $(this).attr("aria-owns"); });
  });

  // A table wider than its card scrolls inside it; the others keep their head in sight.
  document.querySelectorAll(".card.table").forEach(function (card) {
    if (card.scrollWidth > card.clientWidth) { card.classList.add("scroll"); }
  });

  document.addEventListener("keydown", function (event) {
    var find = document.querySelector("[data-find]");
    var typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || event.target.isContentEditable;
    if (event.key === "/" && find && !typing && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      find.focus();
    }
  });

  // A form or button that must be confirmed asks first and then goes its ordinary way.
  var ask = document.getElementById("ask");
  function confirmed(text, proceed) {
    if (!ask || !ask.showModal) { proceed(); return; }
    document.getElementById("ask-text").textContent = text;
    ask.returnValue = "no";
    ask.showModal();
    ask.addEventListener("close", function () {
      if (ask.returnValue === "yes") { proceed(); }
    }, { once: true });
  }
  document.addEventListener("submit", function (event) {
    var form = event.target, button = event.submitter;
    var needs = button && button.dataset.needsRows;
    if (needs && !form.querySelector("input[name=rowid]:checked")) {
      event.preventDefault();
      form.querySelector("[data-chosen]").textContent = needs;
      return;
    }
    var text = (button && button.dataset.ask) || form.dataset.confirm;
    if (!text || form.dataset.confirmed) { form.dataset.leaving = "1"; return; }
    event.preventDefault();
    confirmed(text, function () {
      form.dataset.confirmed = "1";
      form.requestSubmit(button || undefined);
    });
  });

  document.addEventListener("change", function (event) {
    var box = event.target;
    if (box.matches("[data-all]")) {
      box.closest("form").querySelectorAll("input[name=rowid]").forEach(function (each) { each.checked = box.checked; });
    }
    if (box.matches("[data-all], input[name=rowid]")) {
      var form = box.closest("form"), count = form.querySelectorAll("input[name=rowid]:checked").length;
      form.querySelector("[data-chosen]").textContent = count ? (chinese ? "已选 " + count + " 条" : count + " chosen") : "";
    }
    var sheet = box.closest("form[data-unsaved]");
    if (sheet) { sheet.dataset.changed = "1"; }
  });
  window.addEventListener("beforeunload", function (event) {
    var sheet = document.querySelector("form[data-unsaved][data-changed]");
    if (sheet && !sheet.dataset.leaving) { event.preventDefault(); }
  });

  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-back]")) { history.back(); }
    if (event.target.closest("[data-print]")) { window.print(); }
    if (event.target.closest("[data-toggle-side]")) { document.getElementById("side").classList.toggle("open"); }
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      if (!menu.contains(event.target)) { menu.removeAttribute("open"); }
    });
  });
})(jQuery);
