// The search of a site without a server: passages that meet the clauses of a query.
// `lexicon.find` gives places, `lexicon.said` what is said there.
const lexicon = (() => {
  "use strict";
  const MOST_CLAUSES = 12;
  const MOST_HITS = 10;
  const MOMENT = 15; // seconds
  const { fold, small, words } = spelling;
  const { index, open, load, rows, decode } = shards;
  const { errors, all, either, heavy, phrase, clause, pair, widen } = clauses;

  // Episodes

  const episodes = async () => {
    return new Map((await Promise.all(index.episodes.map((begin, number) => load(`episodes-${number}`)))).flat()
      .map(([number, key, title, date, people, tags, begin, told, seconds, voices, known]) => [number, { number, key, title, date, known: date.slice(0, known), people, tags, begins: begin, told, seconds, voices }]));
  };
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

  const cuts = async (some) => {
    const files = new Set(some.map(({ number }) => index.passages.findLastIndex((begin) => begin <= number)));
    const every = (await Promise.all([...files].map((file) => load(`passages-${file}`)))).flat();
    const packed = new Map(every.map(([number, ...rest]) => [number, rest]));
    return new Map(some.map(({ number, told }) => {
      const [passages, voices] = packed.get(number);
      return [number, Object.assign(stretches(decode(passages), told), { voices })];
    }));
  };
  // Passages and the sidecar: from which place to which, and how long each counts.
  const stretches = ([length, ...steps], told) => {
    const made = [[told, Infinity, length]];
    for (let at = 0, begin = 0; at < steps.length; at += 3) made.push([begin += steps[at], begin + steps[at + 1], steps[at + 2]]);
    return made;
  };
  // What the clauses of a query meet in an episode: in one stretch of it, and in its sidecar. Passages
  // need not say what the sidecar tells, unless it tells all.
  const meeting = ({ number, told }, { voices }, clauses, { excluded, speakers }) => {
    const said = []; // by the voices that are asked for
    for (const [name, packed] of speakers.length ? Object.entries(voices) : []) {
      if (!speakers.some((text) => bears([name], text))) continue;
      const steps = decode(packed);
      for (let at = 0, place = 0; at < steps.length; at += 2) said.push([place += steps[at], place += steps[at + 1]]);
    }
    const isHeard = (place) => place >= told || !speakers.length || said.some(([begin, end]) => begin <= place && place < end);
    const within = ([begin, end]) => clauses.map((clause) => clause.within(number, begin, end).filter(isHeard));
    const isOut = ([begin, end]) => excluded.some((clause) => clause.within(number, begin, end).length);
    const beside = within([told, Infinity]).map(({ length }) => length > 0);
    const spared = beside.every(Boolean) ? beside.map(() => false) : beside;
    return { within, isOut, beside: speakers.length || isOut([told, Infinity]) ? beside.map(() => false) : beside, spared };
  };
  // The hits in an episode, each with its score and the words it meets: one a passage, or one for each
  // word where they are wanted and one clause is all. A word that two passages share is of the first.
  // Where the sidecar alone meets all, the passage that meets most. Nothing where nothing meets all.
  const look = (episode, steps, clauses, around, { each, closest }) => {
    const [sidecar, ...passages] = steps;
    const average = index.totals[1] / index.totals[0];
    const { within, isOut, beside, spared } = meeting(episode, steps, clauses, around);
    const isWhole = (found) => found.every(({ length }, at) => length || spared[at]);
    const score = ([begin, end, length], found) => {
      const saturate = (times) => 2.2 * times / (times + 0.3 + 0.9 * length / average);
      const where = [saturate, episode.number, begin, end];
      const own = found.map((some, at) => Math.max(some.length && clauses[at].score(...where), Number(spared[at])));
      return Number([...own, closest?.score(...where) || 0].reduce((sum, one) => sum + one, 0).toFixed(4));
    };
    const seen = new Set();
    const [hits, parts] = [[], []];
    let best = beside.every(Boolean) ? score(sidecar, within(sidecar)) : -1;
    for (const stretch of passages) {
      const found = within(stretch);
      if (isOut(stretch) || !found.flat().length) continue;
      const hit = { score: score(stretch, found) };
      if (isWhole(found)) best = Math.max(best, hit.score);
      else parts.push({ ...hit, place: Math.min(...found.flat()), places: found.flat() });
      const fresh = found.map((some) => some.filter((place) => !seen.has(place)));
      if (!isWhole(found) || !isWhole(fresh)) continue;
      const places = [...new Set(fresh.flat())].sort((one, other) => one - other);
      places.forEach((place) => seen.add(place));
      hits.push(...places.filter((place, at) => !at || (each && clauses.length === 1 && places[at - 1] !== place - 1)).map((place) => ({ ...hit, place, places })));
    }
    if (!hits.length && clauses.length > 1) hits.push(...parts.sort((one, other) => other.score - one.score).slice(0, 1));
    return best < 0 ? undefined : { ...episode, score: best, hits };
  };
  // The clauses that one passage or sidecar meets together: the most, and the rarest, as
  // radio/search/relaxation.py chooses them. Numbers alone are no answer.
  const most = (some, steps, clauses, around) => {
    const documents = some.flatMap((episode) => {
      const { within, isOut, beside, spared } = meeting(episode, steps.get(episode.number), clauses, around);
      const met = (stretch) => within(stretch).map(({ length }) => length > 0);
      const passages = steps.get(episode.number).slice(1).filter((stretch) => !isOut(stretch)).map(met);
      return [{ own: beside, spared: [] }, ...passages.map((own) => ({ own, spared }))];
    });
    const frequency = clauses.map(({ rare }, at) => (rare ? 0 : documents.filter(({ own }) => own[at]).length));
    const rarestLast = clauses.map((clause, at) => at).sort((one, other) => frequency[other] - frequency[one] || other - one);
    const score = (met) => rarestLast.reduce((sum, at, bit) => sum + (met.includes(at) ? 4096 + 2 ** bit : 0), 0);
    const sets = new Map(documents.map(({ own, spared }) => rarestLast.filter((at) => own[at] || spared[at])).map((met) => [score(met), met]));
    const kept = (sets.get(Math.max(...sets.keys())) || []).map((at) => clauses[at]);
    return kept.some(({ firm }) => !firm) ? kept : [];
  };

  // The order of the index: the nearest first; among equals the newest; of one day, by number.
  const newest = (one, other) => other.date.localeCompare(one.date) || one.number - other.number;
  const best = (one, other) => other.score - one.score || newest(one, other);

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

  // A query in French, as radio/search/english.py tells it; nothing where no word is an English one that nobody says.
  const inFrench = async (typed) => {
    const isPlain = ({ field, negated, quoted, begins }) => !field && !negated && !quoted && !begins;
    const said = (typing.only(typed, isPlain).toLowerCase().match(/\p{L}+(?:-\p{L}+)*/gu) || []);
    const entries = new Map(await load("english-0"));
    const found = [];
    let isEnglish = false;
    for (let at = 0, size = 1; at < said.length; at += size) {
      size = [2, 1].find((each) => entries.has(said.slice(at, at + each).join(" "))) || 0;
      const own = said.slice(at, at + size);
      if (size) found.push(entries.get(own.join(" ")));
      else if (!index.joining.includes(said[at])) found.push(said[at]);
      for (const each of own) isEnglish ||= !(await rows(fold(each))).some(([, packed]) => packed);
      size ||= 1;
    }
    return isEnglish ? [...found, typing.only(typed, (each) => !isPlain(each))].filter(Boolean).join(" ") : "";
  };

  // The people, tags and episodes with a word that is written almost like one, as radio/search/near.py finds them.
  const near = (typed, every) => {
    const asked = heavy(typed).map(({ name }) => name).filter(({ length }) => length > 3).slice(0, 6);
    const isNear = (one, other) => {
      const shared = [...one].findIndex((letter, at) => letter !== other[at]);
      const shortest = Math.min(one.length, other.length);
      return one[0] === other[0] && ((shared < 0 ? one.length : shared) >= Math.max(4, shortest - 2) || errors(one, other) < 2);
    };
    const isAlike = (text) => words(text).some(({ name }) => asked.some((word) => isNear(name, word)));
    const [people, tags] = ["people", "tags"].map((name) => [...new Set(every.flatMap((each) => each[name]))].filter(isAlike).slice(0, 5));
    const found = { people, tags, episodes: every.filter(({ title }) => isAlike(title)).slice(0, 5) };
    return Object.values(found).some(({ length }) => length) ? found : undefined;
  };

  // What leads on from an answer that finds nothing, or not all.
  const lead = async (answer, typed, { shows, filters = [], exact }) => {
    const { found, asked, instead, without, also } = answer;
    const isTold = asked || instead || without.length || also.length;
    const rest = typing.only(typed, ({ field }) => !field);
    const every = [...(await episodes()).values()].sort(newest);
    const isNarrow = !found.length && rest && (rest !== typed || filters.length);
    const beyond = isNarrow ? await find(rest, { shows, exact }) : { found: [], without };
    return {
      french: !exact && index.french && (isTold || !found.length) ? await inFrench(asked || typed) : "",
      beyond: beyond.without.length ? 0 : beyond.found.length,
      rest,
      near: found.length && !without.length ? undefined : near(without.join(" ") || instead || asked || typed, every),
    };
  };

  const find = async (typed, { shows, filters = [], exact = false, each = false }) => {
    await open();
    const { questions, alternatives } = index;
    const asked = exact ? "" : typing.asked(typed, questions);
    const query = typing.read(asked || typed);
    const wanted = query.wanted.slice(0, 2 * MOST_CLAUSES);
    const [made, excluded] = await Promise.all([
      Promise.all(wanted.map(async (group) => {
        if (!group.some(({ text }) => heavy(text).length)) return undefined;
        const some = await Promise.all(group.map((each) => clause(each, exact)));
        return { ...either(some), firm: some.every((each) => each.firm), rare: some.every((each) => each.rare), group };
      })),
      Promise.all(query.excluded.map((each) => clause(each, true))),
    ]);
    await pair(wanted, made);
    const { clauses, also } = await widen(made.filter(Boolean).slice(0, MOST_CLAUSES), asked || typed, alternatives, exact);
    const every = await episodes();
    const voiced = query.filters.filter(({ field }) => field === "voice" && clauses.length);
    const around = { excluded, speakers: voiced.map(({ text }) => text) };
    const allowed = fits([...query.filters, ...filters].filter((each) => !voiced.includes(each)), shows);
    const of = (numbers) => numbers.map((number) => every.get(number)).filter(allowed);
    const met = async (some, closest) => {
      const near = of(all(some).episodes);
      const steps = await cuts(near);
      const found = near.map((episode) => look(episode, steps.get(episode.number), some, around, { each, closest }));
      return found.filter(Boolean).sort(best);
    };
    const { names, instead } = all(clauses);
    const told = { names, asked, instead: written(asked || typed, instead), without: [], also };
    const free = wanted.filter(([{ free: own }]) => own).map(([{ text }]) => text).join(" ");
    if (!clauses.length) return { ...told, found: query.filters.length ? of([...every.keys()]).map((episode) => ({ ...episode, score: 0, hits: [] })).sort(best) : [] };
    const found = await met(clauses, heavy(free).length > 1 && !instead.length ? await phrase(free) : undefined);
    if (found.length || exact || clauses.length < 2) return { ...told, found };
    const near = of(either(clauses).episodes);
    const kept = most(near, await cuts(near), clauses, around);
    if (!kept.length) return { ...told, found };
    const without = clauses.filter((each) => !kept.includes(each)).flatMap(({ group }) => group.flatMap(typing.named));
    const left = kept.flatMap((each) => each.also || []);
    return { ...told, found: await met(kept), names: all(kept).names, without: [...new Set(without)], also: also.filter((each) => left.includes(each)) };
  };

  // Where a word ends that was met, or the compound or number that it begins.
  const extent = (some, at, text, names) => {
    const [size, value] = typing.number(some.slice(at).map(({ spelling }) => spelling));
    let last = at + (names.has(value) ? size - 1 : 0);
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
    const all = words(text);
    const word = all[place - first] || { at: 0 };
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
        const isNamed = last > each.end || names.has(each.spelling) || index.light.includes(each.spelling);
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

  return { find, lead, said, moments, words, newest };
})();
