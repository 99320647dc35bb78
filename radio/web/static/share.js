// Quoting: the words one selects, or the place one listens to. Without this script each sentence still is a link.
(() => {
  "use strict";
  const share = document.getElementById("share");
  const pick = document.getElementById("pick");
  const said = document.querySelector(".said");
  if (!share) return;
  let at = new URLSearchParams(location.search).get("t") || ""; // what the page quotes
  let wanted = at;

  // From the first cue of a selection to the end of its last.
  const selected = () => {
    const selection = getSelection();
    if (selection.isCollapsed) return null;
    const cues = [...said.querySelectorAll("a.cue")].filter((cue) => selection.containsNode(cue, true));
    return cues.length ? `${cues[0].dataset.start},${cues[cues.length - 1].dataset.end}` : null;
  };

  const renew = async () => {
    if (!share.open || wanted === at) return;
    at = wanted;
    const address = new URL(share.dataset.at, location.href);
    address.searchParams.set("t", at);
    try {
      const answer = await fetch(address);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (answer.ok && at === wanted) share.querySelector(".quotation").replaceWith(page.querySelector(".quotation"));
    } catch {
      at = ""; // without network the old quotation stays
    }
  };

  if (said) {
    document.addEventListener("selectionchange", () => { pick.hidden = !selected(); });
    pick.addEventListener("click", () => {
      wanted = selected() || wanted;
      getSelection().removeAllRanges();
      share.open = true;
      renew();
      share.scrollIntoView({ block: "nearest" });
      share.querySelector("summary").focus();
    });
    document.addEventListener("click", (event) => { // after that of listen.js
      const link = event.target.closest("a[data-start]");
      if (link && event.defaultPrevented) wanted = link.dataset.start;
      renew();
    });
  }
  share.addEventListener("toggle", renew);
  share.addEventListener("focusin", (event) => { if (event.target.matches("[readonly]")) event.target.select(); });
})();
