// Reads a text aloud with the browser's own voice. The button stands hidden in the page, with data-read-aloud
// (the id of the text) and data-stop (its words while it reads); without a voice it stays hidden.
(function () {
  "use strict";

  const voice = window.speechSynthesis;
  if (!voice || !window.SpeechSynthesisUtterance) return;

  // One paragraph at a time: some browsers fall silent in the middle of a long text.
  function pieces(text) {
    const found = text.querySelectorAll("h2, h3, p, li");
    return [...found].filter((one) => !one.closest("[data-not-aloud]")).map((one) => one.textContent.trim());
  }

  function prepare(button) {
    const words = button.textContent;
    const text = document.getElementById(button.dataset.readAloud);
    let reading = false;

    function stop() {
      reading = false;
      voice.cancel();
      button.textContent = words;
    }

    function start() {
      reading = true;
      button.textContent = button.dataset.stop;
      voice.cancel();
      const all = pieces(text).filter(Boolean);
      all.forEach((piece, number) => {
        const said = new SpeechSynthesisUtterance(piece);
        said.lang = document.documentElement.lang === "en" ? "en-GB" : "nb-NO";
        said.rate = 0.95;
        if (number === all.length - 1) said.onend = () => reading && stop();
        voice.speak(said);
      });
      if (!all.length) stop();
    }

    button.hidden = false;
    button.addEventListener("click", () => (reading ? stop() : start()));
    window.addEventListener("pagehide", stop);
  }

  document.querySelectorAll("[data-read-aloud]").forEach(prepare);
})();
