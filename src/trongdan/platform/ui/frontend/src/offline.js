// The page "Làm việc khi mất mạng": a letter, or what somebody says at the table. What is typed lies in the form alone until it is sealed; nothing of it can be read back.
(function () {
  "use strict";
  var $ = function (id) { return document.getElementById(id); };
  var form = $("form"), errors = $("errors"), slip = $("slip"), who = $("f-person");
  if (!form) return;
  var MB = 1024 * 1024, MAX_FILES = Number(form.dataset.maxFiles), MAX_BYTES = Number(form.dataset.maxBytes), MOST = Number(form.dataset.mostBytes);
  var SAID = ["session", "number", "nature", "id_number", "people", "representatives", "confirmed_how", "answer"];
  var FLAGS = ["signed", "keep_secret", "cannot_write", "read_back", "representation_paper"];
  var ENDINGS = /\.(jpe?g|png|webp|pdf|docx)$/i, online = null, signedIn = null, people = [];

  function shownReference(r) { return r.replace(/^TD/, "").replace(/(...)(?=.)/g, "$1-"); }
  function time(at) { return new Date(at).toLocaleString("vi-VN", { hour: "2-digit", minute: "2-digit", day: "2-digit", month: "2-digit", year: "numeric" }); }
  function day(iso) { return iso.split("-").reverse().join("/"); }
  function size(n) { return n < MB ? Math.ceil(n / 1024) + " KB" : (n / MB).toFixed(1).replace(".", ",") + " MB"; }
  function fill(parent, tag, text, className) {
    var e = document.createElement(tag);
    if (text) e.textContent = text;
    if (className) e.className = className;
    parent.appendChild(e);
    return e;
  }

  function complain(list) {
    var ul = errors.querySelector("ul");
    ul.textContent = "";
    list.forEach(function (one) {
      var li = fill(ul, "li");
      if (one[0]) { fill(li, "a", one[1]).href = "#" + one[0]; } else li.textContent = one[1];
    });
    errors.hidden = !list.length;
    if (list.length) errors.focus();
  }
  function check(fields, files) {
    var out = [], total = 0;
    if (!fields.text.trim()) out.push(["f-text", kind() === "letter" ? "Đơn chưa có nội dung. Hãy ghi tóm tắt hoặc chép lại." : "Chưa ghi lời người đến. Hãy ghi đủ, đúng lời."]);
    if (fields.text.length > 100000) out.push(["f-text", "Nội dung dài quá 100.000 ký tự. Hãy ghi phần chính, phần còn lại chụp ảnh kèm theo."]);
    if (kind() === "reception") checkSaid(fields, out);
    if (kind() === "letter" && !fields.on) out.push(["f-on", "Hãy ghi ngày nhận đơn."]);
    if (kind() === "letter" && fields.on > $("f-on").max) out.push(["f-on", "Ngày nhận không được sau hôm nay. Hãy xem lại ngày, hoặc đồng hồ của máy."]);
    if (files.length > MAX_FILES) out.push(["f-files", "Kèm được nhiều nhất " + MAX_FILES + " tệp. Hãy bỏ bớt."]);
    files.forEach(function (f) {
      total += f.size;
      if (!f.size) out.push(["f-files", "Tệp “" + f.name + "” trống. Hãy chọn lại."]);
      if (f.size > MAX_BYTES) out.push(["f-files", "Tệp “" + f.name + "” quá " + MAX_BYTES / MB + " MB. Hãy chụp nhỏ hơn."]);
      if (!ENDINGS.test(f.name)) out.push(["f-files", "Tệp “" + f.name + "” không phải ảnh (JPG, PNG, WEBP), PDF hay Word (.docx). Hãy chọn tệp khác."]);
    });
    if (total > MOST) out.push(["f-files", "Các tệp cộng lại " + size(total) + ", quá " + MOST / MB + " MB một lần. Hãy chụp nhỏ hơn hoặc bỏ bớt."]);
    return out;
  }
  // The same as the kind asks (kinds/reception/record.toml): said now, while the person still sits there.
  function checkSaid(fields, out) {
    var people = Number(fields.people || 1), sent = Number(fields.representatives || 0), most = people > 10 ? 5 : 2;
    if (!fields.session) out.push(["f-session", "Hãy chọn buổi tiếp. Không có trong danh sách thì ghi là đơn nộp trực tiếp."]);
    if (!fields.nature) out.push(["f-nature", "Hãy phân loại: khiếu nại, tố cáo, kiến nghị hay phản ánh."]);
    if (!fields.confirmed_how) out.push(["f-confirmed_how", "Hãy ghi người trình bày xác nhận bằng cách nào: ký, điểm chỉ, hay không xác nhận."]);
    if ((fields.cannot_write || fields.confirmed_how === "fingerprint") && !fields.read_back) out.push(["f-read_back", "Phải đọc lại cho người ấy nghe trước khi ký, điểm chỉ."]);
    if (!/^\d{1,3}$/.test(fields.people) || people < 1) out.push(["f-people", "Hãy ghi số người cùng nội dung, từ 1 trở lên."]);
    else if (people >= 5 && (sent < 1 || sent > most)) out.push(["f-representatives", "Từ năm đến mười người cử một hoặc hai người đại diện; trên mười người thì không quá năm người."]);
    if (people >= 5 && !fields.representation_paper) out.push(["f-representation_paper", "Nhiều người cùng một nội dung phải có văn bản cử đại diện, có chữ ký của tất cả."]);
  }
  function kind() { return form.querySelector("input[name=kind]:checked").value; }
  function turn() {
    var now = kind();
    form.querySelectorAll("[data-for]").forEach(function (e) { e.hidden = e.dataset.for !== now; });
    $("l-text").textContent = now === "letter" ? form.dataset.letterText : form.dataset.saidText;
    $("do-hold").textContent = now === "letter" ? form.dataset.letterDo : form.dataset.saidDo;
    $("l-name").textContent = now === "letter" ? "Họ tên người gửi" : "Họ tên người đến";
  }
  form.addEventListener("change", function (e) {
    if (e.target.name === "kind") turn();
    if (e.target.name === "nature" && e.target.value === "to_cao") $("f-keep_secret").checked = true; // Luật Tố cáo Đ9, Đ56
  });
  async function room(need) {
    if (!navigator.storage || !navigator.storage.estimate) return true;
    var e = await navigator.storage.estimate();
    return !e.quota || e.quota - e.usage > need * 1.2 + MB;
  }
  function words(problem) {
    if (problem.name === "NoLease") return "Đã dùng hết mã hồ sơ cấp trước. Hãy giữ bản giấy, ghi tên và cách liên lạc, nhập khi có mạng.";
    if (problem.name === "QuotaExceededError") return "Máy không còn đủ chỗ. Hãy bỏ bớt ảnh, hoặc giữ bản giấy và nhập khi có mạng.";
    return "Máy chưa giữ được (" + (problem.name || "lỗi") + "). Những gì đã gõ vẫn ở trên trang: đừng đóng trang, hãy bấm lại; không được thì giữ bản giấy.";
  }
  form.addEventListener("submit", async function (e) {
    e.preventDefault();
    var button = $("do-hold");
    var data = new FormData(form), fields = {};
    ["text", "name", "address", "phone", "email"].concat(kind() === "letter" ? ["commune", "channel", "on", "postmark", "arrival_no"] : SAID)
      .forEach(function (k) { fields[k] = data.get(k) || ""; });
    FLAGS.forEach(function (k) { fields[k] = data.get(k) && !$("f-" + k).closest("[hidden]") ? "1" : ""; });
    var files = Array.from($("f-files").files), me = people.find(function (p) { return p.person === who.value; });
    var wrong = check(fields, files);
    complain(wrong);
    if (wrong.length || !me) return;
    button.disabled = true;
    try {
      if (!(await room(files.reduce(function (n, f) { return n + f.size; }, 0)))) throw Object.assign(new Error("full"), { name: "QuotaExceededError" });
      var item = await TD.hold(kind(), fields, files, me);
      showSlip(item, fields, files, me);
      var stays = [kind(), fields.session];
      form.reset();
      form.querySelector("input[name=kind][value=" + stays[0] + "]").checked = true;
      start();
      if (stays[1]) $("f-session").value = stays[1];
      if (online !== false) sendNow();
    } catch (problem) {
      complain([["", words(problem)]]);
    } finally {
      button.disabled = false;
      draw();
    }
  });
  function showSlip(item, fields, files, me) {
    $("slip-ref").textContent = shownReference(item.reference);
    $("slip-agency").textContent = me.agency;
    var said = kind() === "reception";
    $("slip-title").textContent = said ? "Giấy hẹn: đã ghi lời ông/bà, chờ đồng bộ" : "Giấy hẹn: đã nhận đơn, chờ đồng bộ";
    $("slip-on").textContent = said ? $("f-session").selectedOptions[0].textContent : day(fields.on);
    $("slip-answer").textContent = fields.answer || "";
    $("slip-answered").hidden = !fields.answer || !!fields.keep_secret;
    $("slip-at").textContent = time(item.at);
    $("slip-by").textContent = me.name + ", " + me.title;
    $("slip-name").textContent = fields.keep_secret ? "(không ghi trên giấy này)" : fields.name || "(không ghi tên)";
    $("slip-files").textContent = String(files.length);
    $("slip-sign").textContent = item.lease.signature;
    slip.dataset.item = item.id;
    slip.hidden = false;
    slip.focus();
  }
  $("print").addEventListener("click", function () { window.print(); });
  // The sheet that the person signs: on paper alone, and away again once it is printed.
  $("print-said").addEventListener("click", function () {
    var me = people.find(function (p) { return p.person === who.value; });
    var secret = $("f-keep_secret").checked;
    $("said-name").textContent = secret ? "" : $("f-name").value;
    $("said-day").textContent = $("f-session").value ? $("f-session").selectedOptions[0].textContent : "";
    $("said-by").textContent = me ? me.name + ", " + me.title + ", " + me.agency : "";
    $("said-text").textContent = $("f-text").value;
    document.body.classList.add("td-print-said");
    window.print();
  });
  window.addEventListener("afterprint", function () {
    document.body.classList.remove("td-print-said");
    ["said-name", "said-day", "said-by", "said-text"].forEach(function (id) { $(id).textContent = ""; });
  });

  // --- what is on this device ------------------------------------------------------------------------------------------
  async function drawPeople() {
    people = await TD.all("people");
    var chosen = who.value;
    who.textContent = "";
    people.forEach(function (p) {
      var o = fill(who, "option", p.name + ", " + p.title + ", " + p.agency);
      o.value = p.person;
    });
    var wanted = [chosen, signedIn && signedIn.person].find(function (id) { return people.some(function (p) { return p.person === id; }); });
    if (wanted) who.value = wanted;
    form.hidden = !people.length;
    $("not-ready").hidden = !!people.length;
  }
  function drawDays() {
    var me = people.find(function (p) { return p.person === who.value; }), list = $("f-session"), chosen = list.value, now = $("f-on").max;
    list.textContent = "";
    fill(list, "option", "").value = "";
    ((me && me.days) || []).filter(function (d) { return d.on <= now; }).forEach(function (d) { fill(list, "option", d.words).value = d.id; });
    list.value = chosen;
    if (!list.value) {
      var today = ((me && me.days) || []).find(function (d) { return d.on === now; });
      list.value = today ? today.id : "";
    }
  }
  function state(item) {
    if (item.state === "recorded") return "Đã vào sổ";
    if (item.state === "held") return "Đã lên máy chủ, chờ người xem lại: " + item.words;
    return "Chờ đồng bộ" + (item.words ? ": " + item.words : "");
  }
  async function draw() {
    await drawPeople();
    var items = (await TD.all("queue")).sort(function (a, b) { return b.at - a.at; }), body = $("queue");
    var left = items.filter(function (i) { return i.state === "waiting"; });
    body.textContent = "";
    items.forEach(function (i) {
      var row = fill(body, "tr", "", "govuk-table__row");
      var head = fill(row, "th", shownReference(i.reference), "govuk-table__header");
      head.scope = "row";
      [time(i.at), i.name, size(i.size)].forEach(function (t) { fill(row, "td", t, "govuk-table__cell"); });
      var last = fill(row, "td", state(i), "govuk-table__cell");
      [["receipt", "In giấy xác nhận"], ["page", i.state === "held" ? "Xem lại" : "Mở hồ sơ"]].forEach(function (l) {
        if (!i[l[0]]) return;
        fill(last, "br");
        var a = fill(last, "a", l[1], "govuk-link");
        a.href = i[l[0]];
      });
      if (slip.dataset.item === i.id && i.state === "recorded") slipDone(i);
    });
    $("kept").hidden = !items.length;
    $("send").hidden = !left.length;
    $("hand-over").hidden = !(signedIn && left.some(function (i) { return i.person !== signedIn.person; }));
    var leases = who.value ? (await TD.leasesOf(who.value)).length : 0;
    $("status").textContent = (online === false ? "Đang mất mạng. " : online ? "Đang có mạng. " : "") +
      (online && !signedIn ? "Chưa đăng nhập: đăng nhập thì mới gửi đi. " : "") +
      (people.length ? "Còn " + leases + " mã hồ sơ dùng được. " : "") +
      (left.length ? left.length + " đơn, bản ghi chưa gửi, cũ nhất " + TD.age(left[0] && left[left.length - 1].at) + " trước." : "Không có gì chờ gửi.");
  }
  function slipDone(item) {
    $("slip-pending").hidden = true;
    $("slip-done").hidden = false;
    $("slip-link").href = item.receipt;
  }
  async function sendNow(handOver) {
    try {
      var done = await TD.send(handOver === true);
      online = true;
      signedIn = done.state || null;
    } catch (problem) {
      online = false;
    }
    await draw();
  }
  function start() {
    var d = new Date();
    var iso = d.getFullYear() + "-" + String(d.getMonth() + 1).padStart(2, "0") + "-" + String(d.getDate()).padStart(2, "0");
    ["f-on", "f-postmark"].forEach(function (id) { $(id).max = iso; });
    if (!$("f-on").value) $("f-on").value = iso;
    if (!$("f-people").value) $("f-people").value = "1";
    drawDays();
    turn();
    var me = people.find(function (p) { return p.person === who.value; });
    if (me && !$("f-commune").value) $("f-commune").value = me.commune || ""; // where most letters are about, as on the desk's form
  }
  $("send").addEventListener("click", function () { sendNow(); });
  $("hand-over").addEventListener("click", function () { sendNow(true); });
  window.addEventListener("online", function () { sendNow(); });
  window.addEventListener("offline", function () { online = false; draw(); });
  if (!window.TD || !window.crypto || !crypto.subtle) { $("not-able").hidden = false; $("not-ready").hidden = true; return; }
  TD.onChange(function () { draw().catch(function () {}); });
  if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(function () {});
  slip.dataset.item = "";
  draw().then(function () { start(); return sendNow(); }).then(start).catch(function () { complain([["", "Trình duyệt không cho giữ dữ liệu trên máy này (chế độ ẩn danh?)."]]); });
})();
