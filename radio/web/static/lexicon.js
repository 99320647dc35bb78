// The search of a site without a server: clauses as radio/search has them, met in the files of shards.js.
// `lexicon.find` gives places, `lexicon.said` what is said there.
const lexicon = (() => {
  "use strict";
  const MOST_CLAUSES = 12;
  const { fold, small, words } = spelling;
  const { load, rows, decode, gather, spelt, beginning } = shards;

  let firm = new Set(); // months and numbers, which are taken for no other word
  let light = new Set(); // words that only join others: they are in no file, and a phrase leaves room for them
  const open = async () => {
    const index = await shards.open();
    light = new Set(index.light);
    firm = new Set(index.firm);
    return index;
  };

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

  // What has a form of a word; where nobody said it, what begins so, else what is spelt almost so. Of a
  // word that has lost its accents, whatever it may have been.
  const formed = async ({ name, spelling }, exact) => {
    const alike = (await rows(name)).filter(([, , , members]) => !members);
    const own = alike.filter((row) => spelt(row) === spelling);
    const stems = (own.length ? own : alike).flatMap(([, , shared]) => (shared ? shared.split(" ") : []));
    const kin = (await Promise.all(stems.map((stem) => rows(stem)))).flat();
    const members = [...new Set(kin.flatMap(([stem, , , some]) => (stems.includes(stem) && some ? some.split(" ") : [])))];
    const others = await Promise.all(members.map(async (member) => (await rows(fold(member))).filter((row) => spelt(row) === member)));
    const found = gather([...new Set([...(own.length ? own : alike), ...others.flat()])]);
    if (found.names.size || exact || name.length < 4 || isFirm(name)) return found;
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
  const heavy = (text) => words(text).map((each, place) => ({ ...each, place })).filter(({ spelling }) => !light.has(spelling));
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
  const isLight = ({ words }) => words.every(({ spelling }) => light.has(spelling));
  const isFirm = (name) => firm.has(name) || /\d/.test(name);
  const clause = async ({ text, quoted, begins }, exact) => {
    if (quoted) return phrase(text);
    const start = fold(text).replace(/[^\p{L}\p{N}]/gu, "");
    if (begins && start.length > 1) return { ...word(await beginning(start)), rare: true }; // who types it means it
    const some = typing.terms(text).filter((each) => !isLight(each));
    const parts = await Promise.all(some.map((each) => term(each, exact)));
    return { ...all(parts), firm: some.length === 1 && isFirm(fold(some[0].text)) };
  };
  // A compound is met where it is written in one, and by its parts where it is not.
  const term = async ({ text, words }, exact) => {
    const parts = all(await Promise.all(words.filter(({ spelling }) => !light.has(spelling)).map(async (each) => word(await formed(each, exact)))));
    if (words.length < 2) return parts;
    const joined = text.replace(/[-‐‑]/g, "");
    const whole = spoken((await formed({ name: fold(joined), spelling: small(joined) }, true)).places, words.length);
    const within = (...stretch) => [whole, parts].map((each) => each.within(...stretch)).find(({ length }) => length) || [];
    return { ...parts, episodes: [...new Set([...whole.episodes, ...parts.episodes])], within };
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
  const stretches = (steps) => {
    const made = [];
    for (let at = 0, begin = 0; at < steps.length; at += 2) made.push([begin += steps[at], begin + steps[at + 1]]);
    return made;
  };
  // What the clauses of a query meet in an episode: in one stretch of it, and in its sidecar. Passages
  // need not say what the sidecar tells, unless it tells all.
  const meeting = ({ number, told }, clauses, excluded) => {
    const sidecar = [told, Infinity];
    const within = (stretch) => clauses.map((clause) => clause.within(number, ...stretch));
    const isOut = (stretch) => excluded.some((clause) => clause.within(number, ...stretch).length);
    const beside = within(sidecar).map(({ length }) => length > 0);
    const spared = beside.every(Boolean) ? beside.map(() => false) : beside;
    return { within, isOut, beside: isOut(sidecar) ? beside.map(() => false) : beside, spared };
  };
  // The places of the hits in an episode: one a passage, or one for each word where they are wanted and
  // one clause is all. A word that two passages share is of the first. Nothing where nothing meets all.
  const look = (episode, steps, clauses, excluded, each) => {
    const { within, isOut, beside, spared } = meeting(episode, clauses, excluded);
    const isWhole = (found) => found.every(({ length }, at) => length || spared[at]);
    const seen = new Set();
    const hits = [];
    let met = beside.every(Boolean);
    for (const stretch of stretches(steps)) {
      const found = within(stretch);
      if (!isWhole(found) || isOut(stretch)) continue;
      met = true;
      const fresh = found.map((some) => some.filter((place) => !seen.has(place)));
      if (!isWhole(fresh)) continue;
      const places = [...new Set(fresh.flat())].sort((one, other) => one - other);
      places.forEach((place) => seen.add(place));
      hits.push(...places.filter((place, at) => !at || (each && clauses.length === 1 && places[at - 1] !== place - 1)));
    }
    return met && hits;
  };
  // The clauses that one passage or sidecar meets together: the most, and the rarest, as
  // radio/search/relaxation.py chooses them. Numbers alone are no answer.
  const most = (some, steps, clauses, excluded) => {
    const documents = some.flatMap((episode) => {
      const { within, isOut, beside, spared } = meeting(episode, clauses, excluded);
      const met = (stretch) => within(stretch).map(({ length }) => length > 0);
      const passages = stretches(steps.get(episode.number)).filter((stretch) => !isOut(stretch)).map(met);
      return [{ own: beside, spared: [] }, ...passages.map((own) => ({ own, spared }))];
    });
    const frequency = clauses.map(({ rare }, at) => (rare ? 0 : documents.filter(({ own }) => own[at]).length));
    const rarestLast = clauses.map((clause, at) => at).sort((one, other) => frequency[other] - frequency[one] || other - one);
    const score = (met) => rarestLast.reduce((sum, at, bit) => sum + (met.includes(at) ? 4096 + 2 ** bit : 0), 0);
    const sets = new Map(documents.map(({ own, spared }) => rarestLast.filter((at) => own[at] || spared[at])).map((met) => [score(met), met]));
    const kept = (sets.get(Math.max(...sets.keys())) || []).map((at) => clauses[at]);
    return kept.some(({ firm }) => !firm) ? kept : [];
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

  // Adds to clauses what their words stand for, too, as radio/search/alternatives.py does: mishearings of
  // names, and the words of acronyms, or the acronyms of words.
  const widen = async (clauses, typed, alternatives, exact) => {
    const name = ({ group: [{ text, quoted, begins }, other] }, told) => {
      if (begins || other || (quoted && told)) return "";
      return quoted ? words(text).map((each) => each.name).join(" ") : fold(text).replace(/[-‐‑]/g, "");
    };
    const capitals = new Set(words(typed.replace(/\./g, "")).map(({ at, end }) => typed.replace(/\./g, "").slice(at, end)));
    const match = ({ of, told }) => {
      const names = clauses.map((each) => name(each, told));
      return of.map((parts) => parts.map((part) => names.indexOf(part))).find((places) => !places.includes(-1));
    };
    let found = alternatives.map((other) => ({ ...other, places: match(other) })).filter(({ places, told, capitals: typedSo }) => places && !(exact && told) && (!typedSo || capitals.has(typedSo)));
    found = found.filter(({ told, pair, of }) => !told || !found.some((other) => other.told && other.pair === pair && other.of !== of));
    let groups = clauses.map((clause, place) => ({ places: [place], clause }));
    for (const { places, say, told } of found.sort((one, other) => one.places.length - other.places.length)) {
      const parts = groups.filter((each) => each.places.some((place) => places.includes(place)));
      if (!parts.every((each) => each.places.every((place) => places.includes(place)))) continue;
      const own = parts.map(({ clause }) => clause);
      const met = either([all(own), ...await Promise.all(say.map(phrase))]);
      const also = [...own.flatMap((each) => each.also || []), ...(told ? [told] : [])];
      const clause = { ...met, group: own.flatMap(({ group }) => group), also };
      groups = groups.filter((each) => !parts.includes(each) || each === parts[0]).map((each) => (each === parts[0] ? { places, clause } : each));
    }
    return { clauses: groups.map(({ clause }) => clause), also: groups.flatMap(({ clause }) => clause.also || []) };
  };

  const find = async (typed, { shows, filters = [], exact = false, each = false }) => {
    const { questions, alternatives } = await open();
    const asked = exact ? "" : typing.asked(typed, questions);
    const query = typing.read(asked || typed);
    const wanted = query.wanted.filter((group) => group.some(({ text }) => heavy(text).length)).slice(0, MOST_CLAUSES);
    const [typedClauses, excluded] = await Promise.all([
      Promise.all(wanted.map(async (group) => {
        const some = await Promise.all(group.map((each) => clause(each, exact)));
        return { ...either(some), firm: some.every((each) => each.firm), rare: some.every((each) => each.rare), group };
      })),
      Promise.all(query.excluded.map((each) => clause(each, true))),
    ]);
    const { clauses, also } = await widen(typedClauses, asked || typed, alternatives, exact);
    const every = await episodes();
    const allowed = fits([...query.filters, ...filters], shows);
    const of = (numbers) => numbers.map((number) => every.get(number)).filter(allowed);
    const met = async (some) => {
      const near = of(all(some).episodes);
      const steps = await cuts(near.map(({ number }) => number));
      return near.map((episode) => ({ ...episode, hits: look(episode, steps.get(episode.number), some, excluded, each) })).filter(({ hits }) => hits);
    };
    const { names, instead } = all(clauses);
    const told = { names, asked, instead: written(asked || typed, instead), without: [], also };
    if (!clauses.length) return { ...told, found: query.filters.length ? of([...every.keys()]).map((episode) => ({ ...episode, hits: [] })) : [] };
    const found = await met(clauses);
    if (found.length || exact || clauses.length < 2) return { ...told, found };
    const near = of(either(clauses).episodes);
    const kept = most(near, await cuts(near.map(({ number }) => number)), clauses, excluded);
    if (!kept.length) return { ...told, found };
    const without = clauses.filter((each) => !kept.includes(each)).flatMap(({ group }) => group.flatMap(typing.named));
    const left = kept.flatMap((each) => each.also || []);
    return { ...told, found: await met(kept), names: all(kept).names, without: [...new Set(without)], also: also.filter((each) => left.includes(each)) };
  };

  // What is said at a place: the second, the cue, and the text around it with what to mark.
  const said = async ({ key, begins }, place, names) => {
    await open();
    const part = begins.findLastIndex((begin) => begin <= place);
    const cues = await load(`said/${key}-${part}`);
    const here = cues.findLastIndex((cue) => cue[1] <= place);
    const [number, first, start, end, text] = cues[here];
    const all = words(text);
    const word = all[place - first] || all.find(({ spelling }) => names.has(spelling)) || { at: 0 };
    const next = cues[here + 1];
    const last = next && next[2] > start ? Math.min(end, next[2]) : end; // two voices at once: the second is of the first
    const before = cues.slice(Math.max(0, here - 3), here).map((cue) => cue[4]).join(" ");
    const after = cues.slice(here + 1, here + 4).map((cue) => cue[4]).join(" ");
    const whole = [before, text, after].filter(Boolean).join(" ");
    return { number, second: start + (last - start) * word.at / Math.max(1, text.length), whole, at: word.at + (before ? before.length + 1 : 0) };
  };

  return { find, said, words };
})();
