// The clauses of a query, as radio/search/clauses.py has them, of the words in the files of shards.js.
const clauses = (() => {
  "use strict";
  const { fold, small, words } = spelling;
  const { rows, gather, spelt, beginning } = shards;

  let firm = new Set(); // months and numbers, which are taken for no other word
  let parts = new Set(); // first parts of words
  let light = new Set(); // words that only join others: they are in no file, and a phrase leaves room for them
  const open = async () => {
    const index = await shards.open();
    light = new Set(index.light);
    firm = new Set(index.firm);
    parts = new Set(index.parts);
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

  // The words that sound as one does, as radio/search/sounds.py hears it.
  const alikeInSound = async (spelling) => {
    const { sounds: { spellings, sounds, silent } } = await shards.open();
    const heard = fold(spelling.replace(/ç/g, "s")).replace(new RegExp(spellings, "gu"), (...found) => sounds[found.slice(1, sounds.length + 1).findIndex((each) => each !== undefined)]);
    const key = heard.replace(/(.)\1+/g, "$1").replace(new RegExp(silent, "u"), "");
    if (key.length < 3) return [];
    const members = (await rows(`&${key}`)).flatMap(([, , , some]) => some.split(" "));
    return (await Promise.all(members.map(async (member) => (await rows(fold(member))).filter((row) => row[1] && spelt(row) === member)))).flat();
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
    const [best] = (near.length || alike.length ? near : await alikeInSound(spelling)).sort((one, other) => other[1].length - one[1].length);
    return best ? { ...await formed({ name: best[0], spelling: spelt(best) }, true), instead: [[name, best[0]]] } : found;
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
  // Words in one part or in two, as radio/search/spacing.py joins and cuts them.
  const isWord = (text) => /^\p{L}+$/u.test(text);
  const rowsSaid = async (name) => (await rows(name)).filter(([, packed]) => packed);
  const joined = async (one, other) => {
    const [first, last] = [one, other].map(({ text }) => words(text)[0]);
    const joins = [[last, last.spelling, ""]];
    if (first.spelling.at(-1) === last.spelling[0]) joins.push([last, last.spelling.slice(1), "-"]);
    for (const [, rest, sign] of joins) {
      const spelling = first.spelling + rest;
      const mayJoin = ([, , , , , spacing = ""]) => !spacing.split(" ").includes(sign + first.spelling.length);
      for (const each of [spelling, spelling.replace(/s$/, "")]) {
        if ((await rowsSaid(fold(each))).some(mayJoin)) return word(await formed({ name: fold(each), spelling: each }, true));
      }
    }
    return undefined;
  };
  const inTwo = async (text) => {
    const alike = (await rows(fold(text))).filter(([, , , members]) => !members);
    const known = alike.some(([, packed, , , , spacing = ""]) => !packed || !spacing.startsWith("?"));
    const found = [];
    for (let at = 1; at < text.length - 1; at++) {
      const [first, last] = [small(text.slice(0, at)), small(text.slice(at))];
      const isPart = parts.has(fold(first));
      const isFree = !known && at > 1;
      if (light.has(last) || (light.has(first) && !isPart) || !(isFree || (isPart && last.length > 2)) || !(await rowsSaid(fold(first))).length) continue;
      found.push(await phrase(`${first} ${last}`));
      const doubled = first.at(-1) + last;
      if (isFree && !light.has(doubled)) found.push(await phrase(`${first} ${doubled}`));
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
      const some = [at, next].filter((each) => made[each] && !isLight(typing.terms(groups[each][0].text)[0]));
      if (!some.length) continue;
      const clause = { ...whichever(whole, all(some.map((each) => made[each]))), group: some.flatMap((each) => groups[each]) };
      some.forEach((each) => { made[each] = undefined; });
      made[some[0]] = clause;
    }
  };
  // A compound is met where it is written in one, and by its parts where it is not.
  const whichever = (whole, parts) => ({
    ...parts,
    episodes: [...new Set([...whole.episodes, ...parts.episodes])],
    within: (...stretch) => [whole, parts].map((each) => each.within(...stretch)).find(({ length }) => length) || [],
  });
  const term = async ({ text, words }, exact) => {
    const two = isWord(text) ? await inTwo(text) : [];
    if (two.length) return either([word(await formed(words[0], true)), ...two]);
    const parts = all(await Promise.all(words.filter(({ spelling }) => !light.has(spelling)).map(async (each) => word(await formed(each, exact || words.length > 1)))));
    if (words.length < 2) return parts;
    const joined = text.replace(/[-‐‑]/g, "");
    const whole = spoken((await formed({ name: fold(joined), spelling: small(joined) }, true)).places, words.length);
    return whichever(whole, parts);
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

  return { open, all, either, heavy, clause, pair, widen };
})();
