// From passage to passage of an episode. Without this script each is a page of its own.
(() => {
  "use strict";
  const row = document.getElementById("passage");
  if (!row) return;
  const starts = () => row.dataset.starts.split(" ").filter(Boolean).map(Number);

  const stand = (number) => {
    const all = starts();
    row.querySelector("span").textContent = row.dataset.place.replace("{number}", number).replace("{total}", all.length);
    row.querySelectorAll("a").forEach((link) => {
      const start = all[number - 1 + (link.rel === "next" ? 1 : -1)];
      link.hidden = start === undefined;
      if (link.hidden) return;
      const address = new URL(location.href);
      address.searchParams.set("t", start);
      address.hash = "t";
      link.href = address;
      link.dataset.start = start;
    });
  };

  document.addEventListener("click", (event) => { // after that of reading.js
    const link = event.target.closest("a[data-lead]");
    const number = link && event.defaultPrevented ? starts().indexOf(Number(link.dataset.start)) + 1 : 0;
    if (number) stand(number);
  });
  row.addEventListener("found", ({ detail }) => stand(detail)); // by found.js, without a server
})();
