// Without a server the words that one looks for in an episode are found and marked here.
(() => {
  "use strict";
  const asked = new URLSearchParams(location.search);
  const query = (asked.get("q") || "").trim().replace(/\s+/g, " ");
  const cues = [...document.querySelectorAll("a.cue")];
  const row = document.getElementById("passage");
  if (!query || !row) return;

  // Wraps the words of a cue that have one of some spellings; doubts about words part its text at spaces.
  const mark = (cue, names) => {
    const walker = document.createTreeWalker(cue, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) texts.push(walker.currentNode);
    for (const node of texts) {
      const [text, pieces] = [node.data, []];
      let done = 0;
      for (const { at, end } of spelling.words(text).filter((each) => names.has(each.spelling))) {
        const made = document.createElement("mark");
        made.textContent = text.slice(at, end);
        pieces.push(text.slice(done, at), made);
        done = end;
      }
      if (done) node.replaceWith(...pieces, text.slice(done));
    }
  };

  const find = async () => {
    const filters = [{ field: "key", text: row.dataset.key }];
    const { found: [episode], names } = await lexicon.find(query, { shows: new Map(), filters, each: true });
    if (!episode) return;
    const places = await Promise.all(episode.hits.map((hit) => lexicon.said(episode, hit, names)));
    const starts = places.map(({ second }) => Number(second.toFixed(3)));
    row.dataset.starts = starts.join(" ");
    cues.forEach((cue) => mark(cue, names));
    const reached = starts.filter((start) => start <= Number(asked.get("t") || -1) + 0.001).length;
    row.dispatchEvent(new CustomEvent("found", { detail: reached || 1 }));
    row.hidden = !starts.length;
    const here = cues.find((cue) => cue.hasAttribute("aria-current"));
    if (here && location.hash) here.scrollIntoView(); // the row took some room
  };

  find().catch(() => {}); // the page is read all the same
})();
