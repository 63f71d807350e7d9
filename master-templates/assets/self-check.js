// Adds up the answers of the self-check in the page. Nothing is sent or stored.
(() => {
  "use strict";
  const answers = document.getElementById("answers");
  const score = document.getElementById("score");
  if (!answers || !score) return;
  const label = document.getElementById("score-label");
  const value = document.getElementById("score-value");
  const bar = document.getElementById("score-bar");
  const again = document.getElementById("again");
  const byHand = document.getElementById("by-hand");
  const bands = [...document.querySelectorAll(".band")];
  const questions = answers.querySelectorAll("fieldset").length;

  const update = () => {
    const given = [...answers.querySelectorAll("input:checked")].map((input) => Number(input.value));
    const points = given.reduce((sum, each) => sum + each, 0);
    const done = given.length === questions;
    const reached = bands.filter((band) => Number(band.dataset.from) <= points).pop();
    bar.value = given.length;
    label.textContent = done ? label.dataset.done : label.dataset.open;
    value.textContent = done ? `${points} / ${questions * 2}` : `${given.length} / ${questions}`;
    for (const band of bands) band.hidden = done && band !== reached;
    byHand.hidden = true;
    again.hidden = given.length === 0;
  };

  again.addEventListener("click", () => {
    for (const input of answers.querySelectorAll("input:checked")) input.checked = false;
    update();
    answers.querySelector("input").focus();
  });
  answers.addEventListener("change", update);
  score.hidden = false;
  update();
})();
