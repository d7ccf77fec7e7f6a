// What a desk's device keeps while there is no network: items sealed to the server's key (it can't open them itself), the
// references lent to it, and who it is. Shared by the desk's pages, the page without network and the service worker.
(function (root) {
  "use strict";
  var inPage = typeof document !== "undefined";
  var place = inPage ? document.querySelector("[data-offline]") : null;
  var BASE = inPage ? (place && place.getAttribute("data-offline")) : root.TD_BASE;
  if (!BASE || !root.indexedDB) return;
  var NAME = "trongdan-offline", MOST_ITEMS = 8, MOST_BYTES = 20 * 1024 * 1024, FEW = 15, ENOUGH = 30, KEEP = 2 * 86400000;
  var channel = root.BroadcastChannel ? new BroadcastChannel(NAME) : null;

  // --- the store -------------------------------------------------------------------------------------------------------
  function open() {
    return new Promise(function (yes, no) {
      var asked = indexedDB.open(NAME, 1);
      asked.onupgradeneeded = function () {
        asked.result.createObjectStore("queue", { keyPath: "id" });
        asked.result.createObjectStore("leases", { keyPath: "reference" });
        asked.result.createObjectStore("people", { keyPath: "person" });
      };
      asked.onsuccess = function () { yes(asked.result); };
      asked.onerror = function () { no(asked.error); };
      asked.onblocked = function () { no(new Error("blocked")); };
    });
  }
  // One transaction, over when it is on the disk: work(stores…) asks and writes; what it returns through `give` comes out.
  async function within(stores, mode, work) {
    var db = await open();
    try {
      return await new Promise(function (yes, no) {
        var out, t = db.transaction(stores, mode, { durability: "strict" });
        t.oncomplete = function () { yes(out); };
        t.onabort = t.onerror = function () { no(t.error || new Error("aborted")); };
        work(stores.map(function (s) { return t.objectStore(s); }), function (v) { out = v; }, t);
      });
    } finally { db.close(); }
  }
  function all(store) {
    return within([store], "readonly", function (s, give) { s[0].getAll().onsuccess = function (e) { give(e.target.result); }; });
  }
  function changed() { if (channel) channel.postMessage("changed"); tell(); }

  // --- sealing -----------------------------------------------------------------------------------------------------------
  function bytes(text) { return new TextEncoder().encode(text); }
  function from64(text) { return Uint8Array.from(atob(text), function (c) { return c.charCodeAt(0); }); }
  function join(parts) {
    var out = new Uint8Array(parts.reduce(function (n, p) { return n + p.length; }, 0)), at = 0;
    parts.forEach(function (p) { out.set(p, at); at += p.length; });
    return out;
  }
  // platform/boxes.py: ECDH P-256 with a key made for this box and forgotten, HKDF-SHA256, AES-256-GCM.
  async function seal(plain, boundTo, server) {
    var curve = { name: "ECDH", namedCurve: "P-256" };
    var theirs = await crypto.subtle.importKey("raw", server, curve, false, []);
    var own = await crypto.subtle.generateKey(curve, false, ["deriveBits"]);
    var point = new Uint8Array(await crypto.subtle.exportKey("raw", own.publicKey));
    var shared = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, own.privateKey, 256);
    var base = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
    var key = await crypto.subtle.deriveKey({ name: "HKDF", hash: "SHA-256", salt: join([point, server]), info: bytes("trongdan/box/1") },
      base, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
    var nonce = crypto.getRandomValues(new Uint8Array(12));
    var sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce, additionalData: bytes(boundTo) }, key, plain);
    return join([bytes("TD1"), point, nonce, new Uint8Array(sealed)]);
  }
  async function pack(kind, fields, files) {
    var header = bytes(JSON.stringify({ kind: kind, fields: fields, files: files.map(function (f) { return { name: f.name, size: f.size }; }) }));
    var size = new Uint8Array(4);
    new DataView(size.buffer).setUint32(0, header.length);
    var bodies = await Promise.all(files.map(function (f) { return f.arrayBuffer(); }));
    return join([size, header].concat(bodies.map(function (b) { return new Uint8Array(b); })));
  }
  function today() {
    var d = new Date();
    return d.getFullYear() + "-" + String(d.getMonth() + 1).padStart(2, "0") + "-" + String(d.getDate()).padStart(2, "0");
  }
  async function leasesOf(person) {
    return (await all("leases")).filter(function (l) { return l.person === person && l.until >= today(); })
      .sort(function (a, b) { return a.until < b.until ? -1 : 1; });
  }
  // Seal what was typed under the officer's next reference and put it on the disk; the item as it is listed.
  async function hold(kind, fields, files, me) {
    var plain = await pack(kind, fields, files);
    for (;;) {
      var lease = (await leasesOf(me.person))[0];
      if (!lease) throw Object.assign(new Error("no lease"), { name: "NoLease" });
      var id = crypto.randomUUID();
      var box = await seal(plain, id + "|" + lease.reference + "|" + lease.document.statement.device, from64(me.key));
      var item = { id: id, reference: lease.reference, lease: lease.document, person: me.person, name: me.name, at: Date.now(),
                   size: box.length, state: "waiting", words: "", box: new Blob([box]) };
      var kept = await within(["leases", "queue"], "readwrite", function (s, give) {
        s[0].get(lease.reference).onsuccess = function (e) {
          if (!e.target.result) return; // another window of this device took it meanwhile
          s[0].delete(lease.reference);
          s[1].add(item);
          give(item);
        };
      });
      if (!kept) continue;
      changed();
      wake();
      return item;
    }
  }
  function wake() {
    if (!inPage || !navigator.serviceWorker) return;
    navigator.serviceWorker.ready.then(function (r) { return r.sync && r.sync.register("td-send"); }).catch(function () {});
  }

  // --- the server ---------------------------------------------------------------------------------------------------------
  // null: nobody is signed in. Throws when there is no line.
  async function state() {
    var r = await fetch(BASE + "trang-thai/", { credentials: "same-origin", redirect: "manual", cache: "no-store" });
    if (r.type === "opaqueredirect" || r.status === 403) return null;
    if (!r.ok) throw new Error("server " + r.status);
    return r.json();
  }
  async function post(path, form, st) {
    var r = await fetch(BASE + path, { method: "POST", body: form, credentials: "same-origin", redirect: "manual", headers: { "X-CSRFToken": st.csrf } });
    if (r.status !== 409 && !r.ok) throw new Error("server " + r.status);
    return r.json();
  }
  // Take back what no longer counts, ask for more when few are left.
  async function refill(st) {
    var mine = (await all("leases")).filter(function (l) { return l.person === st.person; });
    var good = st.device && !st.device.lost && st.takes_letters;
    var gone = mine.filter(function (l) { return !good || l.until < today() || l.document.statement.device !== st.device.id; });
    var have = mine.length - gone.length, more = [];
    if (good && have < FEW) {
      var form = new FormData();
      form.append("wanted", String(ENOUGH - have));
      more = (await post("ma/", form, st)).leases || [];
    }
    await within(["leases", "people"], "readwrite", function (s) {
      gone.forEach(function (l) { s[0].delete(l.reference); });
      more.forEach(function (d) { s[0].put({ reference: d.statement.reference, person: d.statement.person, until: d.statement.until, document: d }); });
      if (good) s[1].put({ person: st.person, name: st.name, title: st.title, agency: st.agency, commune: st.commune, days: st.days, key: st.key, device: st.device.name });
      else s[1].delete(st.person);
    });
    if (more.length || gone.length) changed();
  }
  function batches(items) {
    var out = [], size = 0;
    items.forEach(function (i) {
      if (!out.length || out[out.length - 1].length === MOST_ITEMS || size + i.size > MOST_BYTES) { out.push([]); size = 0; }
      out[out.length - 1].push(i);
      size += i.size;
    });
    return out;
  }
  async function sendBatch(batch, st, handOver) {
    var form = new FormData();
    form.append("items", JSON.stringify(batch.map(function (i) { return { id: i.id, reference: i.reference, lease: i.lease }; })));
    if (handOver) form.append("hand_over", "1");
    batch.forEach(function (i) { form.append("box-" + i.id, i.box, "box"); });
    var answer = await post("gui/", form, st);
    await within(["queue"], "readwrite", function (s) {
      batch.forEach(function (i) {
        var got = (answer.items || []).find(function (a) { return a.id === i.id; });
        if (got && got.state !== "refused") {
          s[0].put({ id: i.id, reference: i.reference, person: i.person, name: i.name, at: i.at, size: i.size, state: got.state,
                     words: got.words, receipt: got.receipt, page: got.page, shown: got.reference, done: Date.now() });
        } else {
          i.words = got ? got.words : answer.words || "";
          s[0].put(i);
        }
      });
    });
    changed();
  }
  // Send the officer's own items; with `handOver` those of others too, which then wait for a person at the desk.
  async function send(handOver) {
    async function go() {
      var st = await state();
      if (!st) return { signedOut: true };
      var items = (await all("queue")).filter(function (i) { return i.state === "waiting" && (handOver || i.person === st.person); })
        .sort(function (a, b) { return a.at - b.at; });
      if (st.takes_letters && st.device) {
        for (var batch of batches(items)) await sendBatch(batch, st, handOver);
      }
      await refill(st);
      await tidy();
      return { sent: items.length, state: st };
    }
    return navigator.locks ? navigator.locks.request("td-send", go) : go();
  }
  async function tidy() {
    var old = (await all("queue")).filter(function (i) { return i.done && i.done < Date.now() - KEEP; });
    if (old.length) await within(["queue"], "readwrite", function (s) { old.forEach(function (i) { s[0].delete(i.id); }); });
  }
  async function waiting() {
    return (await all("queue")).filter(function (i) { return i.state === "waiting"; }).sort(function (a, b) { return a.at - b.at; });
  }
  function age(at) {
    var m = Math.max(0, Math.round((Date.now() - at) / 60000));
    return m < 60 ? m + " phút" : m < 2880 ? Math.round(m / 60) + " giờ" : Math.round(m / 1440) + " ngày";
  }
  async function tell() {
    if (!inPage || !place) return;
    var items = await waiting();
    place.hidden = !items.length;
    if (items.length) place.querySelector("span").textContent = items.length + " đơn, bản ghi khi mất mạng chưa gửi, cũ nhất " + age(items[0].at) + " trước.";
  }
  root.TD = { all: all, hold: hold, seal: seal, pack: pack, send: send, state: state, refill: refill, waiting: waiting, leasesOf: leasesOf, age: age,
              onChange: function (f) { if (channel) channel.addEventListener("message", f); } };

  if (!inPage) return;
  if (channel) channel.addEventListener("message", tell);
  tell().catch(function () {});
  setInterval(function () { tell().catch(function () {}); }, 60000);
  if (place.hasAttribute("data-worker") && navigator.serviceWorker) navigator.serviceWorker.register(place.getAttribute("data-worker")).catch(function () {});
  if (place.hasAttribute("data-page")) return; // the page without network sends for itself
  function quietly() { send().catch(function () {}); }
  root.addEventListener("online", quietly);
  all("people").then(async function (people) {
    // Only a device that works without network asks the server anything: one with something to send, or once an hour.
    var last = Number(localStorage.getItem("td-offline-asked") || 0);
    if (!(await waiting()).length && (!(people.length || place.hasAttribute("data-worker")) || Date.now() - last < 3600000)) return;
    localStorage.setItem("td-offline-asked", String(Date.now()));
    quietly();
  }).catch(function () {});
})(typeof self !== "undefined" ? self : window);
