// The search of a site without a server, in the files of shards.js: the clauses of a query, as
// radio/search/clauses.py has them, and the passages that meet them. What takes a dictionary of French
// (families, acronyms, questions, mistakes) is left to the server.
// `lexicon.find` gives places, `lexicon.said` what is said there.
const lexicon = (() => {
  "use strict";
  const MOST_CLAUSES = 12;
  const MOST_HITS = 10;
  const MOMENT = 15; // seconds
  const { fold, small, words } = spelling;
  const { index, open, load, rows, decode, gather, spelt } = shards;

  const isHeavy = ({ spelling }) => !index.light.includes(spelling); // a light one is in no file, and a phrase leaves room for it
  const heavy = (text) => words(text).map((each, place) => ({ ...each, place })).filter(isHeavy);

  // Clauses: each tells which episodes may meet it, gives its words from a place to another, and what
  // these are worth: what is rare, and said again, is worth more.

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
  const spoken = (parts, reach = 1) => {
    const cut = (sorted = [], begin, end) => sorted.slice(above(sorted, begin), above(sorted, end - reach + 1));
    const episodes = new Set(parts.flatMap(({ places }) => [...places.keys()]));
    const rare = Math.log(1 + index.total / Math.max(1, episodes.size));
    const worth = ({ length }) => rare * length / (length + 1);
    return {
      episodes,
      names: new Set(parts.flatMap(({ names }) => [...names])), // as they are spelt
      within: (episode, ...stretch) => parts.flatMap(({ places }) => cut(places.get(episode), ...stretch))
        .flatMap((place) => Array.from({ length: reach }, (_, ahead) => place + ahead)),
      worth: (episode, ...stretch) => Math.max(0, ...parts.map(({ places, weight }) => weight * worth(cut(places.get(episode), ...stretch)))),
    };
  };
  const named = (some) => new Set(some.flatMap(({ names }) => [...names]));
  const either = (some) => ({
    episodes: new Set(some.flatMap(({ episodes }) => [...episodes])),
    names: named(some),
    within: (...where) => some.flatMap((each) => each.within(...where)),
    worth: (...where) => Math.max(0, ...some.map((each) => each.worth(...where))),
  });
  const all = (some) => ({
    episodes: new Set([...some[0]?.episodes || []].filter((episode) => some.every(({ episodes }) => episodes.has(episode)))),
    names: named(some),
    within: (...where) => {
      const parts = some.map((each) => each.within(...where));
      return parts.every(({ length }) => length) ? parts.flat() : [];
    },
    worth: (...where) => some.reduce((sum, each) => sum + each.worth(...where), 0),
  });

  // The words that have a stem.
  const having = async (stem) => {
    const members = (await rows(stem)).flatMap(([, , , some]) => (some ? some.split(" ") : []));
    return (await Promise.all(members.map(async (member) => (await rows(fold(member))).filter((row) => row[1] && spelt(row) === member)))).flat();
  };
  // A word as it is typed, else whatever it is without accents, and what has a stem in common with it.
  const word = async ({ name, spelling }, reach) => {
    const alike = async (other) => (await rows(other)).filter(([, , , members]) => !members);
    const some = await alike(name);
    const own = some.filter((row) => spelt(row) === spelling);
    const typed = [own, some].find(({ length }) => length) || await alike(name.replace(/[sx]$/, ""));
    const stems = typed.length ? typed.flatMap(([, , shared]) => (shared ? shared.split(" ") : [])) : [name];
    const others = (await Promise.all(stems.map(having))).flat().filter((row) => !typed.includes(row));
    return spoken([{ ...gather(typed), weight: own.length ? 9 : 1 }, { ...gather(others), weight: 1 }], reach);
  };
  const phrase = async (text) => {
    const said = heavy(text);
    const found = await Promise.all(said.map(async ({ name }) => gather(await rows(name))));
    const starts = new Map();
    found[0]?.places.forEach((some, episode) => {
      const whole = some.filter((start) => found.every(({ places }, number) => {
        const [sorted, place] = [places.get(episode) || [], start + said[number].place - said[0].place];
        return sorted[above(sorted, place)] === place;
      }));
      if (whole.length) starts.set(episode, whole.map((place) => place - said[0].place));
    });
    return spoken([{ places: starts, names: named(found), weight: 9 }], words(text).length);
  };
  // A compound is met where it is written in one, and by its parts where it is not.
  const term = async (some) => {
    const parts = all(await Promise.all(some.words.filter(isHeavy).map((each) => word(each))));
    if (some.words.length < 2) return parts;
    const whole = await word({ name: fold(some.text), spelling: small(some.text) }, some.words.length);
    return { ...either([whole, parts]), within: (...where) => [whole, parts].map((each) => each.within(...where)).find(({ length }) => length) || [] };
  };
  const clause = async ({ text, quoted, begins }) => {
    if (quoted) return phrase(text);
    const start = fold(text).replace(/[^\p{L}\p{N}]/gu, "");
    if (begins && start.length > 1) return spoken([{ ...gather(await rows(start, `${start}\uffff`)), weight: 1 }]);
    return all(await Promise.all(typing.terms(text).filter((each) => each.words.some(isHeavy)).map(term)));
  };

  // Episodes

  const episodes = async () => new Map((await Promise.all(index.episodes.map((begin, number) => load(`episodes-${number}`)))).flat()
    .map(([number, key, title, date, people, tags, begin, told, seconds, voices, known]) => [number, { number, key, title, date, known: date.slice(0, known), people, tags, begins: begin, told, seconds, voices }]));
  const bears = (names, text) => {
    const borne = new Set(names.flatMap((each) => words(each).map(({ name }) => name)));
    return words(text).every(({ name }) => borne.has(name));
  };
  const fits = (filters, shows) => (episode) => filters.every(({ field, text }) => {
    const show = episode.key.split("/")[0];
    if (field === "person") return bears(episode.people, text);
    if (field === "tag") return bears(episode.tags, text);
    if (field === "voice") return bears(episode.voices, text);
    if (field === "length") return typing.lengths(text)[0] <= episode.seconds && episode.seconds <= typing.lengths(text)[1];
    if (field === "before") return episode.date < text;
    if (field === "after") return episode.date.slice(0, text.length) > text;
    if (field === "key") return `${episode.key}/`.startsWith(`${text}/`);
    return show === text || fold(shows.get(show) || "").includes(fold(text));
  });

  // Passages, as radio/search/passage.py cuts them and radio/search/marking.py marks them.

  // By episode: from which place to which each passage goes, and what each voice says.
  const cuts = async (some) => {
    const files = new Set(some.map(({ number }) => index.passages.findLastIndex((begin) => begin <= number)));
    const every = (await Promise.all([...files].map((file) => load(`passages-${file}`)))).flat();
    return new Map(every.map(([number, passages, voices]) => [number, { passages: stretches(passages), voices }]));
  };
  const stretches = (packed) => {
    const [steps, made] = [decode(packed), []];
    for (let at = 0, begin = 0; at < steps.length; at += 2) made.push([begin += steps[at], begin + steps[at + 1]]);
    return made;
  };
  // Where the voices that are asked for speak: from which place to which.
  const speech = (voices, speakers) => Object.entries(voices)
    .filter(([name]) => speakers.some((text) => bears([name], text))).flatMap(([, packed]) => stretches(packed));
  // The hits in an episode, each with its score and the words it meets: one a passage, or one for each
  // word where they are wanted and one clause is all. A word that two passages share is of the first.
  // Passages need not say what the sidecar tells; where that tells all, the passage that meets most
  // stands for it. Nothing where nothing meets all.
  const look = (episode, { passages, voices }, clauses, { excluded, speakers, each }) => {
    const { number, told } = episode;
    const sidecar = [told, Infinity];
    const said = speech(voices, speakers);
    const isHeard = (place) => place >= told || !speakers.length || said.some(([begin, end]) => begin <= place && place < end);
    const within = (stretch) => clauses.map((clause) => clause.within(number, ...stretch).filter(isHeard));
    const isOut = (stretch) => excluded.some((clause) => clause.within(number, ...stretch).length);
    const beside = within(sidecar).map(({ length }) => length > 0);
    const isAll = beside.every(Boolean);
    const isTold = isAll && !speakers.length && !isOut(sidecar);
    const isWhole = (found) => found.every(({ length }, at) => length || (beside[at] && !isAll));
    const worth = (stretch, found) => found.reduce((sum, { length }, at) => sum + (length ? clauses[at].worth(number, ...stretch) : 1), 0);
    const seen = new Set();
    const [hits, parts] = [[], []];
    let score = isTold ? worth(sidecar, within(sidecar)) : -1;
    for (const stretch of passages) {
      const found = within(stretch);
      const met = { score: worth(stretch, found), places: found.flat() };
      if (!met.places.length || isOut(stretch)) continue;
      if (!isWhole(found)) {
        parts.push({ ...met, place: Math.min(...met.places) });
        continue;
      }
      score = Math.max(score, met.score);
      const fresh = found.map((some) => some.filter((place) => !seen.has(place)));
      if (!isWhole(fresh)) continue;
      const places = [...new Set(fresh.flat())].sort((one, other) => one - other);
      places.forEach((place) => seen.add(place));
      const isFirst = (place, at) => !at || (each && clauses.length === 1 && places[at - 1] !== place - 1);
      hits.push(...places.filter(isFirst).map((place) => ({ ...met, place, places })));
    }
    if (!hits.length && clauses.length > 1) hits.push(...parts.sort((one, other) => other.score - one.score).slice(0, 1));
    return score < 0 ? undefined : { ...episode, score, hits };
  };

  // The nearest first; among equals the newest; of one day, by number.
  const newest = (one, other) => other.date.localeCompare(one.date) || one.number - other.number;
  const best = (one, other) => other.score - one.score || newest(one, other);

  const find = async (typed, { shows, filters = [], each = false }) => {
    await open();
    const query = typing.read(typed);
    const wanted = query.wanted.filter((group) => group.some(({ text }) => heavy(text).length)).slice(0, MOST_CLAUSES);
    const clauses = await Promise.all(wanted.map(async (group) => either(await Promise.all(group.map(clause)))));
    const excluded = await Promise.all(query.excluded.map(clause));
    const [every, met] = [await episodes(), all(clauses)];
    const voiced = query.filters.filter(({ field }) => field === "voice" && clauses.length);
    const allowed = fits([...query.filters, ...filters].filter((filter) => !voiced.includes(filter)), shows);
    const of = (numbers) => [...numbers].map((number) => every.get(number)).filter(allowed);
    if (!clauses.length) return { names: met.names, found: query.filters.length ? of(every.keys()).map((episode) => ({ ...episode, hits: [] })).sort(newest) : [] };
    const near = of(met.episodes);
    const steps = await cuts(near);
    const around = { excluded, speakers: voiced.map(({ text }) => text), each };
    return { names: met.names, found: near.map((episode) => look(episode, steps.get(episode.number), clauses, around)).filter(Boolean).sort(best) };
  };

  // Where a word ends that was met, or the compound that it begins.
  const extent = (some, at, text, names) => {
    let last = at;
    for (let to = at + 1; to < some.length && /^[-‐‑]$/.test(text.slice(some[to - 1].end, some[to].at)); to++) {
      if (names.has(small(text.slice(some[at].at, some[to].end)))) last = to;
    }
    return some[last].end;
  };

  // What is said at a hit: the second, the cue, and the text around it with what to mark.
  const said = async ({ key, begins, hits }, { place, score }, names) => {
    const part = begins.findLastIndex((begin) => begin <= place);
    const cues = await load(`said/${key}-${part}`);
    const here = cues.findLastIndex((cue) => cue[1] <= place);
    const [number, first, start, end, text] = cues[here];
    const word = words(text)[place - first] || { at: 0 };
    const next = cues[here + 1];
    const last = next && next[2] > start ? Math.min(end, next[2]) : end; // two voices at once: the second is of the first
    const met = new Set(hits.flatMap(({ places }) => places));
    let [whole, before] = ["", 0];
    const marks = [];
    for (const cue of cues.slice(Math.max(0, here - 3), here + 4)) {
      if (cue[0] === number) before = whole.length;
      const own = words(cue[4]);
      own.forEach((each, ahead) => {
        const last = extent(own, ahead, cue[4], names);
        const isNamed = last > each.end || names.has(each.spelling) || !isHeavy(each);
        if (isNamed && met.has(cue[1] + ahead)) marks.push([whole.length + each.at, whole.length + last]);
      });
      whole += `${cue[4]} `;
    }
    return { number, score, marks, second: start + (last - start) * word.at / Math.max(1, text.length), whole: whole.trimEnd(), at: word.at + before };
  };

  // What is said at the best hits of an episode, the best first, and each moment once.
  const moments = async (episode, names) => {
    const nearest = (one, other) => other.score - one.score;
    const hits = [...episode.hits].sort(nearest).slice(0, 2 * MOST_HITS).sort((one, other) => one.place - other.place);
    const some = [];
    for (const each of await Promise.all(hits.map((hit) => said(episode, hit, names)))) {
      const before = some.at(-1);
      if (before && each.second - before.second < MOMENT) before.score = Math.max(before.score, each.score);
      else some.push(each);
    }
    return some.sort(nearest).slice(0, MOST_HITS);
  };

  return { find, said, moments, words, newest };
})();
