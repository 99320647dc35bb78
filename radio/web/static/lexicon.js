// The search of a site without a server: passages that meet the clauses of a query.
// `lexicon.find` gives places, `lexicon.said` what is said there.
const lexicon = (() => {
  "use strict";
  const MOST_CLAUSES = 12;
  const { fold, words } = spelling;
  const { load, decode } = shards;
  const { open, all, either, heavy, clause, pair, widen } = clauses;

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

  const find = async (typed, { shows, filters = [], exact = false, each = false }) => {
    const { questions, alternatives } = await open();
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
