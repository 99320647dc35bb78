// The search of a site without a server, in the files that radio/static_site/lexicon.py writes and explains.
// `lexicon.find` gives places, `lexicon.said` what is said there.
const lexicon = (() => {
  "use strict";
  const MOST_FILES = 40; // that one word may ask for
  const digits = new Map([..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"].map((each, place) => [each, place]));
  const { fold, words } = spelling;
  const root = document.currentScript.src.replace(/static\/lexicon\.js.*$/, "");

  // Files

  const waiting = new Map();
  const loaded = new Map();
  let version = "";
  let firm = new Set(); // months and numbers, which are taken for no other word
  let light = new Set(); // words that only join others: they are in no file, and a phrase leaves room for them
  self.shard = (name, rows) => { waiting.get(name)?.(rows); };
  const load = (name) => {
    if (!loaded.has(name)) loaded.set(name, new Promise((give, fail) => {
      const script = document.createElement("script");
      waiting.set(name, give);
      ["load", "error"].forEach((end) => script.addEventListener(end, () => fail(new Error(name))));
      script.src = `${root}search/${name}.js?v=${version || Date.now()}`;
      document.head.append(script);
    }));
    return loaded.get(name);
  };
  const open = async () => {
    const [index] = await load("index");
    version = index.version;
    light = new Set(index.light);
    firm = new Set(index.firm);
    return index;
  };

  // The numbers of the files in which names from `first` to `last` stand.
  const between = (begins, first, last) => begins.map((begin, number) => number)
    .filter((number) => begins[number] <= last && (number + 1 === begins.length || begins[number + 1] >= first)).slice(0, MOST_FILES);
  const rows = async (first, last = first) => {
    const { words: begins } = await open();
    const files = await Promise.all(between(begins, first, last).map((number) => load(`words-${number}`)));
    return files.flat().filter(([name]) => name >= first && name <= last);
  };

  // Words

  const decode = (text) => {
    const numbers = [];
    for (let at = 0; at < text.length;) {
      for (let number = 0, shift = 0; ; shift += 5) {
        const digit = digits.get(text[at++]);
        number += (digit & 31) * 2 ** shift;
        if (digit > 31) continue;
        numbers.push(number);
        break;
      }
    }
    return numbers;
  };
  const unpack = (text, into) => {
    const numbers = decode(text);
    for (let at = 0, episode = 0; at < numbers.length;) {
      episode += numbers[at++];
      const places = into.get(episode) || [];
      for (let left = numbers[at++], place = 0; left; left--) places.push(place += numbers[at++]);
      into.set(episode, places);
    }
  };
  const gather = (found) => {
    const places = new Map();
    found.forEach(([, packed]) => unpack(packed, places));
    places.forEach((each) => each.sort((one, other) => one - other));
    return { places, names: new Set(found.filter(([, packed]) => packed).map(([name]) => name)) };
  };
  const beginning = async (start) => gather(await rows(start, `${start}\uffff`));

  // One letter more, less or other, or two that changed places.
  const isClose = (one, other) => {
    if (one.length < other.length) [one, other] = [other, one];
    if (one === other || one.length > other.length + 1) return false;
    let same = 0;
    while (same < other.length && one[same] === other[same]) same++;
    const rest = one.slice(same + 1);
    if (one.length > other.length) return rest === other.slice(same);
    return rest === other.slice(same + 1) || (one[same] === other[same + 1] && one[same + 1] === other[same] && one.slice(same + 2) === other.slice(same + 2));
  };

  // What has a form of a word; where nobody said it, what begins so, else what is spelt almost so.
  const formed = async (name, exact) => {
    const own = await rows(name);
    const stems = own.flatMap(([, , shared]) => (shared ? shared.split(" ") : []));
    const kin = (await Promise.all(stems.map((stem) => rows(stem)))).flat();
    const members = new Set(kin.flatMap(([stem, , , some]) => (stems.includes(stem) && some ? some.split(" ") : [])));
    members.delete(name);
    const found = gather([...own, ...(await Promise.all([...members].map((each) => rows(each)))).flat()]);
    if (found.names.size || exact || name.length < 4 || firm.has(name) || /\d/.test(name)) return found;
    const longer = await beginning(name);
    if (longer.names.size) return { ...longer, instead: [[name, `${name}*`]] };
    const near = (await rows(name.slice(0, 2), `${name.slice(0, 2)}\uffff`)).filter(([each, packed]) => packed && !/\d/.test(each) && isClose(each, name));
    const best = near.sort((one, other) => other[1].length - one[1].length)[0];
    return best ? { ...gather([best]), instead: [[name, best[0]]] } : found;
  };

  // Clauses: each tells which episodes may meet it, and gives the words from a place to another that do.

  const above = (sorted, place) => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle] < place) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const spoken = (places, reach = 1) => ({
    episodes: [...places.keys()],
    within(episode, begin, end) {
      const sorted = places.get(episode) || [];
      const firsts = sorted.slice(above(sorted, begin), above(sorted, end - reach + 1));
      return firsts.flatMap((place) => Array.from({ length: reach }, (_, ahead) => place + ahead));
    },
  });
  const join = (found) => ({
    names: new Set(found.flatMap(({ names }) => [...names])),
    instead: found.flatMap(({ instead }) => instead || []), // [a word typed, the one looked for]
  });
  const either = (found) => ({
    ...join(found),
    episodes: [...new Set(found.flatMap(({ episodes }) => episodes))],
    within: (...stretch) => found.flatMap((each) => each.within(...stretch)),
  });
  const all = (found) => ({
    ...join(found),
    episodes: found.map(({ episodes }) => new Set(episodes)).reduce((some, each) => some.filter((episode) => each.has(episode)), found[0]?.episodes || []),
    within(...stretch) {
      const parts = found.map((each) => each.within(...stretch));
      return parts.every(({ length }) => length) ? parts.flat() : [];
    },
  });
  const heavy = (text) => words(text).map(({ name }, place) => ({ name, place })).filter(({ name }) => !light.has(name));
  const phrase = async (text) => {
    const said = heavy(text);
    const [first, ...others] = await Promise.all(said.map(async ({ name }) => gather(await rows(name))));
    const follow = (episode, start) => others.every(({ places }, number) => {
      const [sorted, place] = [places.get(episode) || [], start + said[number + 1].place - said[0].place];
      return sorted[above(sorted, place)] === place;
    });
    const starts = new Map();
    first?.places.forEach((some, episode) => {
      const whole = some.filter((place) => follow(episode, place)).map((place) => place - said[0].place);
      if (whole.length) starts.set(episode, whole);
    });
    return { ...spoken(starts, words(text).length), ...join(first ? [first, ...others] : []) };
  };
  const word = ({ places, ...told }) => ({ ...told, ...spoken(places) });
  const clause = async ({ text, quoted, begins }, exact) => {
    if (quoted) return phrase(text);
    if (begins && fold(text).length > 1) return word(await beginning(fold(text.replace(/\*$/, ""))));
    const parts = all(await Promise.all(heavy(text).map(async ({ name }) => word(await formed(name, exact)))));
    const [compound] = /[\p{L}\p{N}]+(?:-[\p{L}\p{N}]+)+$/u.exec(text) || [];
    return compound ? inOne(compound, parts) : parts;
  };
  // A compound is met where it is written in one, and by its parts where it is not.
  const inOne = async (compound, parts) => {
    const { places } = await formed(fold(compound.replace(/-/g, "")), true);
    const whole = spoken(places, words(compound).length);
    const within = (...stretch) => [whole, parts].map((each) => each.within(...stretch)).find(({ length }) => length) || [];
    return { ...parts, episodes: [...new Set([...whole.episodes, ...parts.episodes])], within };
  };

  // What is typed: as radio/search/syntax.py cuts it.

  const FIELDS = { personne: "person", person: "person", "mot-cle": "tag", tag: "tag", emission: "show", show: "show", avant: "before", before: "before", apres: "after", after: "after" };
  const item = /(-(?=[\p{L}\p{N}"«“]))?(?:(\p{L}+(?:-\p{L}+)?):(?=\S))?(?:"([^"]*)"|«([^»]*)»|“([^”]*)”|(\S+))/gu;
  const cut = (typed) => {
    const groups = [];
    let joins = false;
    for (const [, minus, name, straight, angled, curled, plain] of typed.matchAll(item)) {
      const quoted = [straight, angled, curled].find((each) => each !== undefined);
      const known = minus || !name ? undefined : FIELDS[fold(name)];
      const field = /^(before|after)$/.test(known) && !/^\d{4}(-\d\d){0,2}$/.test(plain) ? undefined : known;
      const text = (name && !field ? `${name} ` : "") + (quoted ?? plain);
      const each = { text, field, negated: Boolean(minus), quoted: quoted !== undefined, begins: quoted === undefined && !field && text.endsWith("*") };
      if (/^(OU|OR)$/.test(text) && groups.length && !joins && !each.quoted) joins = true;
      else {
        if (joins) groups.at(-1).push(each);
        else groups.push([each]);
        joins = false;
      }
    }
    return groups;
  };

  // Episodes

  const episodes = async () => {
    const { episodes: begins } = await open();
    return new Map((await Promise.all(begins.map((begin, number) => load(`episodes-${number}`)))).flat()
      .map(([number, key, title, date, people, tags, begin, told]) => [number, { number, key, title, date, people, tags, begins: begin, told }]));
  };
  const bears = (names, text) => {
    const borne = new Set(names.flatMap((each) => words(each).map(({ name }) => name)));
    return words(text).every(({ name }) => borne.has(name));
  };
  const fits = (filters, shows) => (episode) => filters.every(({ field, text }) => {
    const show = episode.key.split("/")[0];
    if (field === "person") return bears(episode.people, text);
    if (field === "tag") return bears(episode.tags, text);
    if (field === "before") return episode.date < text;
    if (field === "after") return episode.date.slice(0, text.length) > text;
    if (field === "key") return `${episode.key}/`.startsWith(`${text}/`);
    return show === text || fold(shows.get(show) || "").includes(fold(text));
  });

  // Passages, as radio/search/passage.py cuts them and radio/search/marking.py marks them.

  const cuts = async (numbers) => {
    const { passages: begins } = await open();
    const files = new Set(numbers.map((number) => begins.findLastIndex((begin) => begin <= number)));
    const rows = (await Promise.all([...files].map((file) => load(`passages-${file}`)))).flat();
    return new Map(rows.map(([number, packed]) => [number, decode(packed)]));
  };
  // The places of the hits in an episode: one a passage, or one for each word where they are wanted and
  // one clause is all. A word that two passages share is of the first. Nothing where no passage meets all.
  const look = ({ number, told }, steps, clauses, excluded, each) => {
    const ranges = [];
    for (let at = 0, begin = 0; at < steps.length; at += 2) ranges.push([begin += steps[at], begin + steps[at + 1]]);
    const seen = new Set();
    const hits = [];
    let met = false;
    for (const stretch of [...ranges, [told, Infinity]]) {
      const found = clauses.map((clause) => clause.within(number, ...stretch));
      if (!found.every(({ length }) => length) || excluded.some((clause) => clause.within(number, ...stretch).length)) continue;
      met = true;
      const fresh = found.map((some) => some.filter((place) => place < told && !seen.has(place)));
      if (!fresh.every(({ length }) => length)) continue;
      const places = [...new Set(fresh.flat())].sort((one, other) => one - other);
      places.forEach((place) => seen.add(place));
      hits.push(...places.filter((place, at) => !at || (each && clauses.length === 1 && places[at - 1] !== place - 1)));
    }
    return met && hits;
  };

  // What was typed with other words in it; nothing where none was taken for another.
  const written = (typed, instead) => {
    const others = new Map(instead);
    let [text, done] = ["", 0];
    for (const { at, end, name } of words(typed)) {
      if (!others.has(name)) continue;
      text += typed.slice(done, at) + others.get(name);
      done = end;
    }
    return done ? text + typed.slice(done) : "";
  };

  const find = async (typed, { shows, filters = [], exact = false, each = false }) => {
    await open();
    const groups = cut(typed.slice(0, 200));
    const aside = ([each, other]) => !other && (each.field || each.negated);
    const wanted = groups.filter((group) => !aside(group)).filter((group) => group.some(({ text }) => heavy(text).length));
    const [clauses, excluded] = await Promise.all([
      Promise.all(wanted.map(async (group) => either(await Promise.all(group.map((each) => clause(each, exact)))))),
      Promise.all(groups.filter(([each]) => each.negated && !each.field).map(([each]) => clause(each, true))),
    ]);
    const every = await episodes();
    const allowed = fits([...groups.filter(aside).map(([item]) => item).filter(({ field }) => field), ...filters], shows);
    const met = all(clauses);
    if (!clauses.length && !groups.some(([item]) => item.field)) return { found: [], names: met.names };
    const some = (clauses.length ? met.episodes.map((number) => every.get(number)) : [...every.values()]).filter(allowed);
    const lengths = clauses.length ? await cuts(some.map(({ number }) => number)) : new Map();
    const found = some.map((episode) => ({ ...episode, hits: clauses.length ? look(episode, lengths.get(episode.number), clauses, excluded, each) : [] }))
      .filter(({ hits }) => hits);
    return { found, names: met.names, instead: written(typed, met.instead) };
  };

  // What is said at a place: the second, the cue, and the text around it with what to mark.
  const said = async ({ key, begins }, place, names) => {
    await open();
    const part = begins.findLastIndex((begin) => begin <= place);
    const cues = await load(`said/${key}-${part}`);
    const here = cues.findLastIndex((cue) => cue[1] <= place);
    const [number, first, start, end, text] = cues[here];
    const all = words(text);
    const word = all[place - first] || all.find(({ name }) => names.has(name)) || { at: 0 };
    const next = cues[here + 1];
    const last = next && next[2] > start ? Math.min(end, next[2]) : end; // two voices at once: the second is of the first
    const before = cues.slice(Math.max(0, here - 3), here).map((cue) => cue[4]).join(" ");
    const after = cues.slice(here + 1, here + 4).map((cue) => cue[4]).join(" ");
    const whole = [before, text, after].filter(Boolean).join(" ");
    return { number, second: start + (last - start) * word.at / Math.max(1, text.length), whole, at: word.at + (before ? before.length + 1 : 0) };
  };

  return { find, said, words };
})();
