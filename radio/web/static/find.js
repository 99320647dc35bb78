// The page of a search without a server: reads the address, asks the lexicon, shows what it finds.
(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);
  const status = byId("status");
  const asked = new URLSearchParams(location.search);
  const query = (asked.get("q") || "").trim().replace(/\s+/g, " ");
  const ON_A_PAGE = 10;
  const SNIPPET = 240; // characters
  const LEAD = 80; // characters before the first word
  const SENTENCE = /[.!?…](?: ?[»”"])? (?=[^\s.!?…»”"\p{Ll}])/gu; // where one ends
  const language = document.documentElement.lang;
  const shows = new Map([...document.querySelectorAll("#show option")].map((each) => [each.value, each.textContent]));

  const say = (name, values = {}) => Object.entries(values)
    .reduce((text, [key, value]) => text.replace(`{${key}}`, () => value), status.dataset[name]);
  const clock = (seconds) => {
    const [hours, minutes, rest] = [seconds / 3600, seconds / 60 % 60, seconds % 60].map(Math.floor);
    const two = (number) => String(number).padStart(2, "0");
    return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
  };
  const address = (episode, place) => {
    if (!place) return `shows/${episode.key}.html`;
    const values = new URLSearchParams({ t: +place.second.toFixed(3), q: query });
    return `shows/${episode.key}.html?${values}#c${place.number}`;
  };

  // A text from a character to another, with its marks.
  const write = (into, whole, marks, done = 0, close = whole.length) => {
    for (const [at, end] of marks) {
      if (at < done || end > close) continue;
      const mark = document.createElement("mark");
      mark.textContent = whole.slice(at, end);
      into.append(whole.slice(done, at), mark);
      done = end;
    }
    into.append(whole.slice(done, close).trimEnd());
  };
  // The sentence of a word, and those after it while there is room, its words marked; a long one is cut at spaces.
  const quote = (into, { whole, at, marks }) => {
    const edges = [0, ...[...whole.matchAll(SENTENCE)].map((each) => each.index + each[0].length)];
    const own = edges.findLast((edge) => edge <= at);
    const space = whole.indexOf(" ", at - LEAD - 1);
    const begin = at - own < SNIPPET / 2 ? own : Math.min(space < 0 ? at : space + 1, at);
    const limit = begin + SNIPPET;
    const close = whole.length <= limit ? whole.length : edges.findLast((edge) => edge > at && edge <= limit + 1);
    const last = whole.lastIndexOf(" ", limit);
    const end = close ?? (last > at ? last : limit);
    into.append(edges.includes(begin) ? "" : "…");
    write(into, whole, marks, begin, end);
    into.append(close ? "" : "…");
  };

  const row = async (episode, names) => {
    const made = byId("result").content.cloneNode(true);
    const find = (selector) => made.querySelector(selector);
    write(find("h2 a"), episode.title, lexicon.words(episode.title).filter(({ spelling }) => names.has(spelling)).map(({ at, end }) => [at, end]));
    find("h2 a").href = address(episode);
    find(".facts span").textContent = shows.size > 1 ? shows.get(episode.key.split("/")[0]) || "" : "";
    if (!find(".facts span").textContent) find(".facts span").remove();
    const { known } = episode;
    const time = find("time");
    time.dateTime = known;
    if (known[6]) time.textContent = new Date(`${known.padEnd(10, "-01")}T12:00`).toLocaleDateString(language, known[9] ? { dateStyle: "full" } : { month: "long", year: "numeric" });
    else time.replaceWith(known || time.dataset.unknown);
    const [first, ...others] = await lexicon.moments(episode, names);
    if (first) {
      const [disc, link] = made.querySelectorAll(".hits a");
      link.href = address(episode, first);
      disc.href = link.href.replace(/#.*$/, "#listen");
      find(".time").textContent = clock(first.second);
      disc.ariaLabel = disc.ariaLabel.replace("{time}", clock(first.second));
      quote(find("q"), first);
    } else find(".hits").remove();
    const { one, many } = find("summary").dataset;
    find("summary").textContent = others.length > 1 ? many.replace("{number}", others.length) : one;
    others.forEach((place) => {
      const [item, link] = ["li", "a"].map((name) => document.createElement(name));
      link.className = "time";
      link.href = address(episode, place);
      link.textContent = clock(place.second);
      item.append(link);
      find(".others").append(item);
    });
    if (!others.length) find("details").remove();
    return made;
  };

  // What the filters ask for, in words, as radio/web/queries.py tells it.
  const begin = (text, next) => {
    const [year, month, day] = text.split("-").map(Number);
    return new Date(Date.UTC(month ? year : year + next, month ? month - 1 + (day ? 0 : next) : 0, day ? day + next : 1));
  };
  const date = (day, options) => day.toLocaleDateString(language, { timeZone: "UTC", ...options });
  const period = (from, to) => {
    const isYear = (day) => day.getUTCMonth() === 0 && day.getUTCDate() === 1;
    const isMonth = (day) => day.getUTCDate() === 1;
    const full = (day) => date(day, { dateStyle: "long" });
    const month = (day) => date(day, { month: "long", year: "numeric" });
    const named = (day) => (isYear(day) ? day.getUTCFullYear() : month(day));
    if (!from || !to) {
      const [name, day] = from ? ["since", from] : ["before", to];
      return isMonth(day) ? say(name, { time: named(day) }) : say(`${name}Day`, { day: full(day) });
    }
    const last = new Date(to - 86400000);
    const [first, end] = [from.getUTCFullYear(), last.getUTCFullYear()];
    if (+from === +last) return say("day", { day: full(from) });
    if (isYear(from) && isYear(to)) return first === end ? say("time", { time: first }) : say("years", { first, last: end });
    if (isMonth(from) && isMonth(to) && month(from) === month(last)) return say("time", { time: month(from) });
    return say("days", { first: full(from), last: full(last) });
  };
  const narrowed = () => {
    const { filters } = typing.read(query);
    const days = (field, next) => filters.filter((each) => each.field === field).map(({ text }) => begin(text, next)).sort((one, other) => one - other);
    const [from, to] = [days("after", 1).at(-1), days("before", 0)[0]];
    const others = filters.filter(({ field }) => !/^(after|before)$/.test(field)).map(({ field, text }) => say(field, { name: text }));
    const within = shows.get(asked.get("show"));
    return [from || to ? period(from, to) : "", ...others, asked.get("show") && within ? say("within", { show: within }) : ""].filter(Boolean);
  };

  const orders = { newest: lexicon.newest, oldest: (one, other) => one.date.localeCompare(other.date) || one.number - other.number };
  const here = (values) => {
    const changed = new URLSearchParams(location.search);
    Object.entries(values).forEach(([name, value]) => changed.set(name, value));
    return `?${changed}`;
  };

  // The seam of years: stitches that were found are sewn in red, as radio/web/timeline.py does; its years narrow the search.
  const [WIDTH, HEIGHT, LOOSE, LOWEST] = [1000, 36, 30, 3];
  const sew = (found) => {
    const seam = byId("seam");
    if (!seam) return;
    const { first, days, longest } = seam.dataset;
    const units = (from, to) => Math.floor(Math.round((to - from) / 864e5) * WIDTH / days);
    const [columns, loose] = [new Map(), new Map()];
    for (const { known, seconds } of found.filter((each) => each.known)) {
      const from = begin(known, 0);
      const [place, width] = [Math.min(units(begin(first, 0), from), WIDTH), units(from, begin(known, 1))];
      const at = Math.min(place + (width >> 1), WIDTH);
      if (width >= LOOSE) loose.set(place, [width, (loose.get(place)?.[1] || 0) + 1]);
      else columns.set(at, Math.max(columns.get(at) || LOWEST, Math.min(HEIGHT, Math.floor(seconds * HEIGHT / longest))));
    }
    let [before, fallen] = [0, HEIGHT];
    const sorted = (map) => [...map].sort(([one], [other]) => one - other);
    const upright = sorted(columns).map(([place, height]) => {
      const stitch = `m${place - before} ${fallen}v-${height}`;
      [before, fallen] = [place, height];
      return stitch;
    });
    const lying = sorted(loose).flatMap(([place, [width, number]]) => [7, 10, 13].slice(0, number).map((below) => `M${place + 2} ${HEIGHT + below}h${width - 4}`));
    seam.querySelector(".found").setAttribute("d", [...upright, ...lying].join(""));
    const rest = typing.only(query, ({ field }) => !/^(after|before)$/.test(field));
    seam.querySelectorAll("a").forEach((link) => {
      const step = new URLSearchParams(link.search).get("q");
      link.href = here({ q: `${rest} ${step}`.trim(), page: 1 });
      if (query.endsWith(step)) link.setAttribute("aria-current", "true");
    });
  };

  const show = async ({ found, names }) => {
    const order = orders[asked.get("sort")] ? asked.get("sort") : "best"; // as found
    if (order !== "best") found.sort(orders[order]);
    const pages = Math.max(1, Math.ceil(found.length / ON_A_PAGE));
    const page = Math.min(Math.max(1, Math.floor(Number(asked.get("page"))) || 1), pages);
    const some = found.slice((page - 1) * ON_A_PAGE, page * ON_A_PAGE);
    const rows = await Promise.all(some.map((episode) => row(episode, names)));
    const words = typing.only(query, ({ field }) => !field);
    const counted = found.length > 1 ? "many" : found.length ? "one" : "none";
    const title = [say(words ? counted : `${counted}All`, { number: found.length, query: words }), ...narrowed()].join(", ");
    document.querySelector("h1").textContent = title;
    document.title = title + document.title.slice(document.title.lastIndexOf(" — "));
    byId("results").replaceChildren(...rows);
    sew(found);
    status.textContent = [pages > 1 && say("page", { page, pages }), say(found.length ? "opens" : "nothing")].filter(Boolean).join(" ");
    byId("lost").hidden = found.length;
    byId("sort").hidden = found.length < 2;
    byId("sort").querySelectorAll("a").forEach((link) => {
      link.href = here({ sort: link.dataset.sort, page: 1 });
      if (link.dataset.sort === order) link.setAttribute("aria-current", "true");
    });
    byId("pages").hidden = pages < 2;
    byId("pages").querySelectorAll("a").forEach((link) => {
      const other = page + (link.rel === "next" ? 1 : -1);
      link.hidden = other < 1 || other > pages;
      link.href = here({ page: other });
    });
  };

  const start = async () => {
    const filters = [asked.get("show"), asked.get("episode")].filter(Boolean).map((text) => ({ field: "key", text }));
    byId("q").value = query;
    if (byId("show")) byId("show").value = asked.get("show") || "";
    byId("unable").hidden = true;
    status.hidden = false;
    status.textContent = say(query ? "busy" : "write");
    if (!query) return;
    await show(await lexicon.find(query, { shows, filters }));
  };
  start().catch(() => { status.textContent = say("fails"); });
})();
