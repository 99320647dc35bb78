// The quoted words are lit as they are said. Times within them are guessed from their letters.
(() => {
  "use strict";
  const quote = document.querySelector("blockquote");
  const { audio } = window.listening;
  if (!quote) return;
  const [from, until] = [Number(quote.dataset.from), Number(quote.dataset.until)];
  const { length } = quote.textContent;
  let at = 0;
  const words = quote.textContent.split(/(?<=\s)/).map((text) => {
    const word = document.createElement("span");
    word.textContent = text;
    word.start = from + (until - from) * at / length;
    at += text.length;
    return word;
  });
  quote.replaceChildren(...words);
  audio.addEventListener("timeupdate", () => {
    const second = audio.currentTime;
    words.forEach((word) => word.classList.toggle("lit", word.start <= second && second < until + 1));
    words.findLast(({ className }) => className)?.scrollIntoView({ block: "nearest" });
  });
})();
