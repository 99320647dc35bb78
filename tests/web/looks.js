/* What is wrong with a page of the desk, by what was looked at: nothing where all is well. */
() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const shown = (selector) => all(selector).filter((each) => each.checkVisibility());
  const height = (each) => each.getBoundingClientRect().height;
  const html = (some) => some.map((each) => each.outerHTML.slice(0, 200));
  const root = document.documentElement;
  const wrong = {
    wider: root.scrollWidth - innerWidth,
    // Tables that need to be pushed aside
    torn: html(all(".wide").filter((each) => each.scrollWidth > each.clientWidth + 1)),
    small: html(shown("button:not([aria-hidden]), select, textarea, summary, .button, "
      + "input:not([type=hidden], [type=checkbox], [type=radio])")
      .filter((each) => height(each) < 44)),
    low: html(shown("main p > a:only-child, footer nav a")
      .filter((each) => each.parentElement.textContent.trim() === each.textContent.trim()
        && height(each) < 43.5)),
    // Where all is bold, nothing stands out
    heavy: html(all("main li").filter((each) => getComputedStyle(each).fontWeight > 400)),
    // One act of a page stands out
    bold: html(shown("main button:not(.quiet, .grave, .join, [form], [aria-hidden])")
      .filter((each) => !each.closest(".proposals")).slice(1)),
    unmarked: html(all("[aria-invalid=true]")
      .filter((each) => !each.matches("[type=checkbox], [type=radio]")
        && parseFloat(getComputedStyle(each).borderTopWidth) < 2)),
    unsaid: unsaid(document.activeElement) ? [document.activeElement.outerHTML] : [],
    untied: all("[aria-describedby], [aria-labelledby]")
      .flatMap((each) => ["aria-describedby", "aria-labelledby"]
        .flatMap((name) => (each.getAttribute(name) ?? "").split(" ").filter(Boolean)))
      .filter((id) => !document.getElementById(id)),
  };
  return Object.fromEntries(Object.entries(wrong).filter(([, found]) => found.length ?? found));

  // Who is set before a field has what is wrong with it in the same sight
  function unsaid(here) {
    const said = all(".fault, .wrong").filter((each) => {
      const { top, bottom } = each.getBoundingClientRect();
      return here.getAttribute("aria-describedby")?.split(" ").includes(each.id)
        && top >= 0 && bottom <= innerHeight;
    });
    return here.matches("[aria-invalid=true]") && !said.length;
  }
}
