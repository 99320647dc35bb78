/* What has the focus: whether it is seen as such, and whether it is what a selector finds. */
(() => {
  const it = document.activeElement;
  if (!it || it === document.body || it === document.documentElement) return null;
  const box = it.getBoundingClientRect(), style = getComputedStyle(it);
  const seen = [8, box.height / 2, box.height - 8].map(
    (y) => document.elementFromPoint(box.left + box.width / 2, box.top + y));
  return {
    place: [...document.querySelectorAll("*")].indexOf(it),
    what: it.outerHTML.slice(0, 200),
    found: it.matches(SELECTOR),
    ringed: it.localName === "audio" // its own buttons have the ring
      || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2),
    uncovered: seen.some((each) => each && (it.contains(each) || each.contains(it))),
  };
})()
