// Everything works without this file. It only saves officials key strokes and shows who else has a file open.
(function () {
  "use strict";
  var rows = Array.prototype.slice.call(document.querySelectorAll("[data-row]"));
  var at = -1;
  function select(i) {
    if (!rows.length) return;
    if (at >= 0) rows[at].removeAttribute("aria-selected");
    at = Math.max(0, Math.min(rows.length - 1, i));
    rows[at].setAttribute("aria-selected", "true");
    var link = rows[at].querySelector("a");
    if (link) link.focus();
  }
  document.addEventListener("keydown", function (e) {
    var typing = /^(INPUT|TEXTAREA|SELECT)$/.test((e.target || {}).tagName || "");
    if (typing || e.ctrlKey || e.metaKey || e.altKey) return;
    if (e.key === "j") { select(at + 1); e.preventDefault(); }
    if (e.key === "k") { select(at - 1); e.preventDefault(); }
    if (e.key === "/") { var s = document.querySelector("[data-search]"); if (s) { s.focus(); e.preventDefault(); } }
    if (e.key === "?") { var h = document.querySelector("[data-keys]"); if (h) { h.hidden = !h.hidden; e.preventDefault(); } }
    var pressed = document.querySelector('[data-key="' + (/^[a-z]$/.test(e.key) ? e.key : "") + '"]');
    if (pressed) { pressed.focus(); pressed.click(); e.preventDefault(); return; }
    if (e.key === "y") { var y = document.querySelector("[data-accept]"); if (y) { y.focus(); y.click(); e.preventDefault(); } }
    if (e.key === "t") { var t = document.querySelector("[data-join]"); if (t) { t.focus(); t.click(); e.preventDefault(); } }
    if (e.key === "n") { var n = document.querySelector("[data-correct]"); if (n) { n.open = true; n.querySelector("select,input").focus(); e.preventDefault(); } }
  });
  // The menu folds on a phone; without this it stays open.
  var menu = document.querySelector("details.td-menu"), narrow = window.matchMedia("(max-width: 640px)");
  if (menu) {
    menu.open = !narrow.matches;
    narrow.addEventListener("change", function () { menu.open = !narrow.matches; });
  }
  // In a field with a button of its own, Enter presses that one and not the form's.
  document.addEventListener("keydown", function (e) {
    var own = e.key === "Enter" && e.target.getAttribute && e.target.getAttribute("data-enter");
    if (own) { e.preventDefault(); document.getElementById(own).click(); }
  });
  // Dirty forms warn before leaving; a sent form can't be sent twice by an impatient click.
  var dirty = false;
  document.addEventListener("input", function (e) { if (e.target.closest("form[data-keep]")) dirty = true; });
  document.addEventListener("submit", function (e) {
    dirty = false;
    var b = e.target.querySelector("button[data-once]");
    if (b) setTimeout(function () { b.disabled = true; }, 0);
  });
  // A form that waits for the line: sent by the page itself, so that without a network what was typed stays where it is and goes
  // by itself when the line is back. The form's own draft makes a sending that was cut off and comes again the same one.
  document.addEventListener("submit", function (e) {
    var form = e.target.closest("form[data-waits]"), by = e.submitter;
    if (!form || !window.fetch || !window.AbortSignal || !AbortSignal.timeout) return;
    e.preventDefault();
    var told = document.getElementById(form.getAttribute("data-waits")), since = null, busy = false, timer;
    var send = function () {
      if (busy) return;
      busy = true;
      clearTimeout(timer);
      var data = new FormData(form);
      if (by && by.name) data.append(by.name, by.value);
      fetch(form.action, { method: "POST", body: data, credentials: "same-origin", signal: AbortSignal.timeout(90000) }).then(function (r) {
        return r.text().then(function (html) {
          window.removeEventListener("online", send);
          dirty = false;
          if (r.redirected) history.pushState(null, "", r.url);
          document.open(); document.write(html); document.close();
        });
      }).catch(function () {
        busy = false;
        dirty = true;
        since = since || new Date();
        told.hidden = false;
        told.querySelector("time").textContent = since.toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" });
        timer = setTimeout(send, 5000);
      });
    };
    window.addEventListener("online", send);
    send();
  });
  // A page that waits for the worker looks again by itself, unless somebody is typing in it.
  var again = document.querySelector("[data-again]");
  if (again) setInterval(function () { if (!dirty) location.replace(again.href); }, 4000);
  window.addEventListener("beforeunload", function (e) { if (dirty) { e.preventDefault(); } });
  // One screen to copy from: each field has its button; without script the fields are there to be marked by hand.
  if (navigator.clipboard) {
    Array.prototype.forEach.call(document.querySelectorAll("[data-copy]"), function (b) {
      b.hidden = false;
      b.addEventListener("click", function () {
        navigator.clipboard.writeText(document.getElementById(b.getAttribute("data-copy")).value).then(function () {
          b.firstChild.textContent = b.getAttribute("data-done") + " ";
        });
      });
    });
  }
  // Two officers on one file see each other.
  var here = document.querySelector("[data-presence]");
  if (here && window.fetch) {
    var ping = function () {
      fetch(here.getAttribute("data-presence"), { method: "POST", headers: { "X-CSRFToken": here.getAttribute("data-csrf") }, credentials: "same-origin" })
        .then(function (r) { return r.ok ? r.json() : { others: [] }; })
        .then(function (d) {
          here.hidden = !d.others.length;
          here.querySelector("span").textContent = d.others.join(", ");
        }).catch(function () {});
    };
    ping();
    setInterval(ping, 20000);
  }
  // The waiting room's screen: the number is fetched again by itself; without script there is a link.
  var screen = document.querySelector("[data-reload]");
  if (screen && window.fetch && window.DOMParser) {
    setInterval(function () {
      fetch(location.href).then(function (r) { return r.text(); }).then(function (text) {
        var fresh = new DOMParser().parseFromString(text, "text/html").querySelector("[data-reload]");
        if (fresh && fresh.textContent !== screen.textContent) screen.textContent = fresh.textContent;
      }).catch(function () {}); // the line is down: the last number stays, and is tried again
    }, 1000 * Number(screen.getAttribute("data-reload")));
  }
})();
