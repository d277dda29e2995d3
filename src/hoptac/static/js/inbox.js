/* Keys for the pages where statements are filed. Without this file the same forms work with the tab key and the mouse.
   y: take what is proposed and go on; n: new record; 1-3: that record; x: put aside (then type the reason); l: leave;
   j, k: next, previous; s: send; ?: show the keys. */
"use strict";
(() => {
  const form = document.querySelector("form[data-keys]");
  if (!form) return;
  const claims = Array.from(form.querySelectorAll("[data-claim]"));
  let at = -1;

  const show = (n) => {
    if (n < 0 || n >= claims.length) return;
    at = n;
    claims.forEach((claim, i) => claim.classList.toggle("now", i === n));
    claims[n].focus({ preventScroll: true });
    claims[n].scrollIntoView({ block: "nearest" });
    document.querySelectorAll(".beside .now").forEach((mark) => mark.classList.remove("now"));
    const marks = document.querySelectorAll(`.beside [data-of~="${claims[n].dataset.claim}"]`);
    marks.forEach((mark) => mark.classList.add("now"));
    const pane = document.querySelector(".beside .text");
    if (marks.length && pane && pane.scrollHeight > pane.clientHeight) {
      pane.scrollTop += marks[0].getBoundingClientRect().top - pane.getBoundingClientRect().top - pane.clientHeight / 3;
    }
  };

  const choose = (selector) => {
    const input = claims[at] && claims[at].querySelector(selector);
    if (!input) return false;
    input.checked = true;
    claims[at].classList.toggle("chosen", input.value !== "");
    return true;
  };

  const next = () => {
    if (at + 1 < claims.length) show(at + 1);
    else form.querySelector("[data-send]").focus();
  };

  const keys = {
    y: () => { if (choose("input[data-first]")) next(); },
    n: () => { if (choose("input[value=new]")) next(); },
    l: () => { if (choose("input[value='']")) next(); },
    x: () => {
      if (!choose("input[value=reject]")) return;
      claims[at].querySelector("input[type=text]").focus();
    },
    j: () => show(at + 1),
    k: () => show(at - 1),
    s: () => form.requestSubmit(),
    "?": () => { const help = document.querySelector("details.keys"); if (help) help.open = !help.open; },
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const typing = event.target.matches("input[type=text], input[type=search], textarea, select");
    if (typing) {
      if (event.key === "Escape") show(at);
      return;
    }
    const digit = /^[1-9]$/.test(event.key);
    if (digit && at >= 0) {
      if (choose(`input[data-likely="${event.key}"]`)) next();
    } else if (keys[event.key]) {
      keys[event.key]();
    } else return;
    event.preventDefault();
  });

  form.addEventListener("focusin", (event) => {
    const claim = event.target.closest("[data-claim]");
    const n = claims.indexOf(claim);
    if (n >= 0 && n !== at) {
      at = n;
      claims.forEach((one, i) => one.classList.toggle("now", i === n));
    }
  });
  if (claims.length && !document.querySelector(":target")) show(0);
})();
