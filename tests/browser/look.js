// What a person would see wrong on a screen: cut words, text over text, text outside its box, covered buttons. Returns what was
// found and every visible text. Run in the page.
() => {
  const SLACK = 1.5;
  const wrong = [];
  const texts = [];
  const seen = [];
  const BOX = "button, .tile, .card, td, th, .banner, .say, .sheet, .fact-grid > div, .room, select, .check, .step, li";
  const area = (el) => el.getBoundingClientRect();
  const say = (what, el, text) => wrong.push(`${what}: ${(text ?? el.textContent ?? "").trim().slice(0, 50)} <${el.className || el.tagName}>`);

  // what is left of a rectangle in the boxes that hide what runs over; null: nothing is left
  const clipped = (rect, el) => {
    let r = { left: rect.left, right: rect.right, top: rect.top, bottom: rect.bottom };
    let cut = false;
    for (let up = el; up && up !== document.documentElement; up = up.parentElement) {
      const s = getComputedStyle(up);
      if (s.overflowX === "visible" && s.overflowY === "visible") continue;
      const b = area(up);
      if (r.right < b.left + 1 || r.left > b.right - 1 || r.bottom < b.top + 1 || r.top > b.bottom - 1) return { rect: null, cut: false };
      const hides = (o) => o === "hidden" || o === "clip";
      if (hides(s.overflowX) && (r.left < b.left - SLACK || r.right > b.right + SLACK)) cut = true;
      if (hides(s.overflowY) && (r.top < b.top - 3 || r.bottom > b.bottom + 3)) cut = true;
      r = { left: Math.max(r.left, b.left), right: Math.min(r.right, b.right), top: Math.max(r.top, b.top), bottom: Math.min(r.bottom, b.bottom) };
    }
    return { rect: r, cut };
  };

  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.data.trim();
    const el = node.parentElement;
    if (text === "" || el === null || el.closest("script, style, option, canvas, body [lang]") !== null) continue; // a part in another language says so
    if (!el.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })) continue;
    range.selectNodeContents(node);
    const box = el.closest(BOX);
    let visible = false;
    for (const rect of range.getClientRects()) {
      if (rect.width < 1) continue;
      const { rect: left, cut } = clipped(rect, el);
      if (left === null) continue;
      visible = true;
      if (cut) say("cut", el, text);
      if (rect.right > innerWidth + SLACK || rect.left < -SLACK) say("beyond the screen", el, text);
      if (box !== null && box !== el) {
        const b = area(box);
        if (rect.left < b.left - SLACK || rect.right > b.right + SLACK || rect.bottom > b.bottom + 4 || rect.top < b.top - 4) say("outside its box", el, text);
      }
      // the ink of a line is lower than its line box
      const h = left.bottom - left.top;
      seen.push({ el, text, left: left.left + 1, right: left.right - 1, top: left.top + h * 0.22, bottom: left.bottom - h * 0.22 });
    }
    if (visible) texts.push(text);
  }
  for (const el of document.querySelectorAll("[aria-label], [title], [placeholder]")) {
    if (el.checkVisibility()) for (const name of ["aria-label", "title", "placeholder"]) if (el.hasAttribute(name)) texts.push(el.getAttribute(name));
  }
  for (const option of document.querySelectorAll("option")) if (option.parentElement.checkVisibility()) texts.push(option.textContent);

  for (let i = 0; i < seen.length; i += 1) {
    for (let j = i + 1; j < seen.length; j += 1) {
      const a = seen[i];
      const b = seen[j];
      const w = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const h = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (w > 2 && h > 2 && a.el.closest(".sheet") === b.el.closest(".sheet") && a.el.closest(".top-menu") === b.el.closest(".top-menu")) {
        const sticky = [a.el, b.el].some((e) => e.closest("th") !== null);
        if (!sticky) say("text over text", a.el, `${a.text.slice(0, 24)} / ${b.text.slice(0, 24)}`);
      }
    }
  }
  for (const el of document.querySelectorAll(".scroll, main, aside, nav, .frame")) {
    if (el.checkVisibility() && el.scrollWidth > el.clientWidth + 1) say("scrolls sideways", el, "");
  }
  for (const el of document.querySelectorAll(".card, .tile, .guidance, .mimic, .running, .wizard, .boarding, .points")) {
    const up = el.parentElement;
    if (!el.checkVisibility() || getComputedStyle(up).overflowY !== "visible") continue;
    const a = area(el);
    for (const other of up.children) {
      if (other === el || !other.checkVisibility() || getComputedStyle(other).position === "absolute") continue;
      const b = area(other);
      const w = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const h = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (w > 2 && h > 2) say("box over box", el, `${el.className} / ${other.className}`);
    }
    if (el.scrollHeight > el.clientHeight + 3) say("runs over", el, "");
  }
  if (document.querySelector(".sheet") === null) {
    for (const el of document.querySelectorAll("button")) {
      const r = area(el);
      const { rect } = clipped(r, el);
      if (rect === null || !el.checkVisibility() || rect.bottom - rect.top < 6) continue;
      const hit = document.elementFromPoint((rect.left + rect.right) / 2, (rect.top + rect.bottom) / 2);
      if (hit !== null && !el.contains(hit) && !hit.contains(el)) say("covered", el);
    }
  }
  return { wrong: [...new Set(wrong)], texts };
}
