// Where one stopped, on the home page, for whoever asked to keep the place on this device.
(() => {
  "use strict";
  const box = document.querySelector("#resume ul")?.parentElement;
  const MOST = 3;
  const read = () => {
    if (localStorage.getItem("remember") !== "yes") return [];
    const keys = Object.keys(localStorage).filter((key) => key.startsWith("place:"));
    return keys.map((key) => ({ ...JSON.parse(localStorage.getItem(key)), path: key.slice(6) }))
      .sort((one, other) => other.when - one.when).slice(0, MOST);
  };
  const clock = (second) => new Date(1000 * second).toISOString().slice(11, 19).replace(/^00:0?|^0/, "");
  const line = ({ path, title, show, second }) => {
    const [row, link, facts] = ["li", "a", "span"].map((name) => document.createElement(name));
    link.href = `${path}?t=${Math.max(0, second - 3)}#listen`; // a little before
    link.textContent = title;
    facts.textContent = `${show}, ${clock(second)}`;
    row.append(link, " ", facts);
    return row;
  };
  try { // storage may be refused
    const places = box ? read() : [];
    if (!places.length) return;
    box.querySelector("ul").append(...places.map(line));
    box.hidden = false;
  } catch {}
})();
