// The clauses of a query, as radio/search/clauses.py has them, of the words in the files of shards.js.
const clauses = (() => {
  "use strict";
  const { fold, small, words } = spelling;
  const { rows, starting, gather, spelt, beginning } = shards;

  const { index } = shards;
  const isLight = (spelling) => index.light.includes(spelling); // it only joins others: it is in no file, and a phrase leaves room for it
  const isFirm = (name) => index.firm.includes(name) || /\d/.test(name); // a month or a number, taken for no other word

  // How many letters are more, less or other, or changed places with their neighbour.
  const errors = (one, other) => {
    let [last, before] = [[...other].map((letter, at) => at).concat(other.length), []];
    for (let at = 1; at <= one.length; at++) {
      const row = [at];
      for (let to = 1; to <= other.length; to++) {
        const isSame = one[at - 1] === other[to - 1];
        const isSwapped = one[at - 1] === other[to - 2] && one[at - 2] === other[to - 1];
        row.push(Math.min(last[to] + 1, row[to - 1] + 1, last[to - 1] + !isSame, isSwapped ? before[to - 2] + 1 : Infinity));
      }
      [before, last] = [last, row];
    }
    return last[other.length];
  };

  // How rare some words are together, as the index weighs it.
  const rarity = (some) => {
    const said = some.reduce((sum, [, , , , , documents = 0]) => sum + documents, 0);
    return Math.log(1 + (Math.max(index.totals[0] - said, 0) + 0.5) / (said + 0.5));
  };

  // The rows of the words with a stem, or a sound.
  const having = async (stem) => {
    const members = (await rows(stem)).flatMap(([, , , some]) => (some ? some.split(" ") : []));
    return (await Promise.all(members.map(async (member) => (await rows(fold(member))).filter((row) => row[1] && spelt(row) === member)))).flat();
  };

  // The words that sound as one does, as radio/search/sounds.py hears it.
  const alikeInSound = async (spelling) => {
    const { spellings, sounds, silent } = index.sounds;
    const heard = fold(spelling.replace(/ç/g, "s")).replace(new RegExp(spellings, "gu"), (...found) => sounds[found.slice(1, sounds.length + 1).findIndex((each) => each !== undefined)]);
    const key = heard.replace(/(.)\1+/g, "$1").replace(new RegExp(silent, "u"), "");
    return key.length < 3 ? [] : frequent(await having(`&${key}`));
  };
  // The words that are spelt almost so, of which a part at one end is free of errors.
  const close = async (name, most, part) => {
    const turn = (text) => [...text].reverse().join("");
    const rest = most > 1 ? name.slice(-part) : name.slice(part);
    const [begun, ended] = await Promise.all([starting(name.slice(0, part)), starting(turn(rest), "ends")]);
    const some = new Set([...begun.map(([each]) => each), ...ended.map(([each]) => turn(each))]);
    const near = [...some].filter((each) => /^\p{L}+$/u.test(each) && Math.abs(each.length - name.length) <= most && errors(each, name) <= most);
    return frequent((await Promise.all(near.map((each) => rows(each)))).flat());
  };
  // Of words that are spelt alike but for their accents the most frequent, then the last.
  const frequent = (some) => {
    const sum = (row) => some.filter(([name]) => name === row[0]).reduce((all, [, , , , , documents = 0]) => all + documents, 0);
    return some.filter(([, packed]) => packed).sort((one, other) => sum(other) - sum(one) || (one[0] < other[0] ? 1 : -1));
  };
  const isKnown = async (spelling) => (await rows(spelling.slice(0, 4), undefined, "dictionary")).some(([, ends]) => ends.split(" ").includes(spelling.slice(4)));

  // What has a form of a word; where nobody said it, what begins so, else what is spelt almost so. Of a
  // word that has lost its accents, whatever it may have been.
  const formed = async ({ name, spelling }, exact) => {
    const alike = (await rows(name)).filter(([, , , members]) => !members);
    const own = alike.filter((row) => spelt(row) === spelling);
    const weights = new Map();
    const add = (some, weight) => some.forEach((row) => weights.set(row, Math.max(weights.get(row) || 0, weight * rarity(some))));
    add(own.length ? own : alike, own.length ? 9 : 1);
    const [size, value] = typing.number([spelling]);
    const stems = [...weights.keys()].flatMap(([, , shared]) => (shared ? shared.split(" ") : [])).concat(size ? value : [], /^\d+$/.test(name) ? name : []);
    await Promise.all(stems.map(async (stem) => add(await having(stem), stem[0] === "+" ? 0.3 : 1)));
    const found = gather([...weights.keys()], (row) => weights.get(row));
    if (found.names.size || exact || name.length < 4 || isFirm(name) || await isKnown(spelling)) return found;
    const best = (await close(name, 1, name.length >> 1))[0] || (await alikeInSound(spelling))[0] || (name.length > 7 && (await close(name, 2, Math.floor(name.length / 3)))[0]);
    return best ? { ...await formed({ name: best[0], spelling: spelt(best) }, true), instead: [[name, best[0]]] } : found;
  };

  // Clauses: each tells which episodes may meet it, gives the words from a place to another that do, and
  // what these are worth: `saturate` says how often counts, as in the index (BM25).

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
  const spoken = ({ places, parts, reach = 1 }) => {
    const cut = (sorted = [], begin, end) => sorted.slice(above(sorted, begin), above(sorted, end - reach + 1));
    return {
      episodes: [...places.keys()],
      within: (episode, ...stretch) => cut(places.get(episode), ...stretch).flatMap((place) => Array.from({ length: reach }, (_, ahead) => place + ahead)),
      score: (saturate, episode, ...stretch) => Math.max(0, ...parts.map(({ own, weight }) => weight * saturate(cut(own.get(episode), ...stretch).length))),
    };
  };
  const worth = (some, ...where) => some.map((each) => (each.within(...where.slice(1)).length ? each.score(...where) : 0));
  const join = (found) => ({
    names: new Set(found.flatMap(({ names }) => [...names])),
    instead: found.flatMap(({ instead }) => instead || []), // [a word typed, the one looked for]
  });
  const either = (found) => ({
    ...join(found),
    episodes: [...new Set(found.flatMap(({ episodes }) => episodes))],
    within: (...stretch) => found.flatMap((each) => each.within(...stretch)),
    score: (...where) => Math.max(0, ...worth(found, ...where)),
  });
  const all = (found) => ({
    ...join(found),
    episodes: found.map(({ episodes }) => new Set(episodes)).reduce((some, each) => some.filter((episode) => each.has(episode)), found[0]?.episodes || []),
    within(...stretch) {
      const parts = found.map((each) => each.within(...stretch));
      return parts.every(({ length }) => length) ? parts.flat() : [];
    },
    score: (...where) => worth(found, ...where).reduce((sum, each) => sum + each, 0),
  });
  const heavy = (text) => words(text).map((each, place) => ({ ...each, place })).filter(({ spelling }) => !isLight(spelling));
  const phrase = async (text, weight = 9) => {
    const said = heavy(text);
    const found = await Promise.all(said.map(({ name }) => rows(name)));
    const follow = (each) => {
      const starts = new Map();
      each[0]?.places.forEach((some, episode) => {
        const whole = some.filter((start) => each.every(({ places }, number) => {
          const [sorted, place] = [places.get(episode) || [], start + said[number].place - said[0].place];
          return sorted[above(sorted, place)] === place;
        }));
        if (whole.length) starts.set(episode, whole.map((place) => place - said[0].place));
      });
      return starts;
    };
    const each = found.map((some) => gather(some));
    const typed = found.map((some, at) => gather(some.filter((row) => spelt(row) === said[at].spelling)));
    const rare = found.reduce((sum, some) => sum + rarity(some), 0);
    const [places, own] = [each, typed].map(follow);
    return { ...spoken({ places, parts: [{ own, weight: weight * rare }, { own: places, weight: weight / 3 * rare }], reach: words(text).length }), ...join(each) };
  };
  const word = ({ names, instead, ...found }) => ({ names, instead, ...spoken(found) });
  const isJoining = ({ words }) => words.every(({ spelling }) => isLight(spelling));
  const clause = async ({ text, quoted, begins }, exact) => {
    if (quoted) return phrase(text);
    const start = fold(text).replace(/[^\p{L}\p{N}]/gu, "");
    if (begins && start.length > 1) return { ...word(await beginning(start)), score: () => 1, rare: true }; // who types it means it
    const some = typing.terms(text).filter((each) => !isJoining(each));
    const parts = await Promise.all(some.map((each) => term(each, exact)));
    return { ...all(parts), firm: some.length === 1 && isFirm(fold(some[0].text)) };
  };
  // Words in one part or in two, as radio/search/spacing.py joins and cuts them.
  const isWord = (text) => /^\p{L}+$/u.test(text);
  const rowsSaid = async (name) => (await rows(name)).filter(([, packed]) => packed);
  const joined = async (one, other) => {
    const [first, last] = [one, other].map(({ text }) => words(text)[0]);
    const joins = [[last, last.spelling, ""]];
    if (first.spelling.at(-1) === last.spelling[0]) joins.push([last, last.spelling.slice(1), "-"]);
    for (const [, rest, sign] of joins) {
      const spelling = first.spelling + rest;
      const mayJoin = ([, , , , , , spacing = ""]) => !spacing.split(" ").includes(sign + first.spelling.length);
      for (const each of [spelling, spelling.replace(/s$/, "")]) {
        if ((await rowsSaid(fold(each))).some(mayJoin)) return word(await formed({ name: fold(each), spelling: each }, true));
      }
    }
    return undefined;
  };
  const inTwo = async (text) => {
    const alike = (await rows(fold(text))).filter(([, , , members]) => !members);
    const known = alike.some(([name, packed, , , own, , spacing = ""]) => (own || name) === small(text) && (!packed || !spacing.startsWith("?")));
    const found = [];
    for (let at = 1; at < text.length - 1; at++) {
      const [first, last] = [small(text.slice(0, at)), small(text.slice(at))];
      const isPart = index.parts.includes(fold(first));
      const isFree = !known && at > 1;
      if (isLight(last) || (isLight(first) && !isPart) || !(isFree || (isPart && last.length > 2)) || !(await rowsSaid(fold(first))).length) continue;
      found.push(await phrase(`${first} ${last}`, 4.5));
      const doubled = first.at(-1) + last;
      if (isFree && !isLight(doubled)) found.push(await phrase(`${first} ${doubled}`, 4.5));
    }
    return found.filter(({ episodes }) => episodes.length);
  };
  // The clauses of free words, neighbours that may be one word joined.
  const pair = async (groups, made) => {
    const free = groups.flatMap(([each, other], at) => (each.free && !other && isWord(each.text) ? [at] : []));
    for (const [place, at] of free.entries()) {
      const next = free[place + 1];
      const whole = next === at + 1 && await joined(groups[at][0], groups[next][0]);
      if (!whole) continue;
      const some = [at, next].filter((each) => made[each] && !isJoining(typing.terms(groups[each][0].text)[0]));
      if (!some.length) continue;
      const clause = { ...whichever(whole, all(some.map((each) => made[each]))), group: some.flatMap((each) => groups[each]) };
      some.forEach((each) => { made[each] = undefined; });
      made[some[0]] = clause;
    }
  };
  // A compound is met where it is written in one, and by its parts where it is not.
  const whichever = (whole, parts) => ({
    ...either([whole, parts]),
    within: (...stretch) => [whole, parts].map((each) => each.within(...stretch)).find(({ length }) => length) || [],
  });
  const term = async ({ text, words, value }, exact) => {
    const two = isWord(text) ? await inTwo(text) : [];
    if (two.length) return either([word(await formed(words[0], true)), ...two]);
    const parts = all(await Promise.all(words.filter(({ spelling }) => !isLight(spelling)).map(async (each) => word(await formed(each, exact || words.length > 1)))));
    if (words.length < 2) return parts;
    const whole = word({ ...await formed({ name: value || fold(text), spelling: value || small(text) }, true), reach: value ? 1 : words.length });
    return value && words.some(({ spelling }) => isLight(spelling)) ? whole : whichever(whole, parts);
  };

  // Adds to clauses what their words stand for, too, as radio/search/alternatives.py does: mishearings of
  // names, and the words of acronyms, or the acronyms of words.
  const widen = async (clauses, typed, alternatives, exact) => {
    const name = ({ group: [{ text, quoted, begins }, other] }, told) => {
      if (begins || other || (quoted && told)) return "";
      return quoted ? words(text).map((each) => each.name).join(" ") : fold(text);
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

  return { errors, all, either, heavy, phrase, clause, pair, widen };
})();
