// A signature drawn on the screen: lines on a white sheet, sent as one picture. Without this script one signs on paper.
(function () {
  "use strict";
  var pad = document.querySelector("[data-sign]");
  if (!pad || !pad.getContext) return;
  var form = pad.closest("form"), clear = form.querySelector("[data-sign-clear]"), pen = pad.getContext("2d"), down = null, drawn = false;
  function blank() {
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, pad.width, pad.height);
    pen.strokeStyle = pen.fillStyle = "#0b0c0c";
    pen.lineWidth = 4;
    pen.lineCap = pen.lineJoin = "round";
    drawn = false;
  }
  function at(e) {
    var box = pad.getBoundingClientRect();
    return [(e.clientX - box.left) * pad.width / box.width, (e.clientY - box.top) * pad.height / box.height];
  }
  pad.hidden = clear.hidden = false;
  blank();
  pad.addEventListener("pointerdown", function (e) {
    down = at(e);
    pad.setPointerCapture(e.pointerId);
    e.preventDefault();
  });
  pad.addEventListener("pointermove", function (e) {
    if (!down) return;
    var to = at(e);
    pen.beginPath();
    pen.moveTo(down[0], down[1]);
    pen.lineTo(to[0], to[1]);
    pen.stroke();
    down = to;
    drawn = true;
  });
  ["pointerup", "pointercancel"].forEach(function (name) { pad.addEventListener(name, function () { down = null; }); });
  clear.addEventListener("click", blank);
  form.addEventListener("submit", function () { form.elements.drawn.value = drawn ? pad.toDataURL("image/png") : ""; }, true);
})();
