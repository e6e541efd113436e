// Filters and folding of the scorecard page. Without it every line is shown and nothing folds.
"use strict";
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const toolbar = document.querySelector(".toolbar");
const text = document.getElementById("text");
const unit = document.getElementById("unit");
const groups = all("tbody.group");
const tasks = all("tr.task");
const filters = all("[data-filter]");
let verdict = "";

const verdictOf = (task) => {
  if (!unit.value) return task.dataset.verdict;
  const cell = task.nextElementSibling?.querySelector(`[data-unit="${unit.value}"]`);
  return cell ? cell.dataset.verdict : "";
};
const fits = (task, words) => {
  const found = verdictOf(task);
  const told = task.textContent.toLowerCase();
  return found && (!verdict || found === verdict) && words.every((word) => told.includes(word));
};
const fold = (group, closed) => {
  group.classList.toggle("closed", closed);
  group.querySelector("button").setAttribute("aria-expanded", String(!closed));
};
const count = () => {
  const found = tasks.map(verdictOf).filter(Boolean);
  for (const { dataset, lastElementChild } of filters) {
    lastElementChild.textContent = found.filter((each) => !dataset.filter || each === dataset.filter).length;
  }
};
const apply = () => {
  const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
  document.body.classList.toggle("filtering", Boolean(verdict || unit.value || words.length));
  let shown = 0;
  for (const group of groups) {
    let here = 0;
    for (const task of all("tr.task", group)) {
      const is = Boolean(fits(task, words));
      task.hidden = !is;
      if (task.nextElementSibling?.matches(".units")) task.nextElementSibling.hidden = !is;
      here += is;
    }
    group.hidden = !here;
    shown += here;
  }
  for (const cell of all("[data-unit]")) cell.classList.toggle("chosen", cell.dataset.unit === unit.value);
  count();
  document.getElementById("shown").textContent = `显示 ${shown} 项`;
  document.getElementById("nothing").hidden = shown > 0;
};

for (const button of filters) {
  button.addEventListener("click", () => {
    verdict = button.dataset.filter;
    for (const each of filters) each.setAttribute("aria-pressed", String(each === button));
    apply();
  });
}
for (const group of groups) {
  group.querySelector("button").addEventListener("click", () => fold(group, !group.classList.contains("closed")));
  fold(group, !group.querySelector('[data-verdict="missed"]'));
}
for (const button of all("[data-fold]")) {
  button.addEventListener("click", () => groups.forEach((group) => fold(group, button.dataset.fold === "close")));
}
for (const field of [text, unit]) field.addEventListener("input", apply);

const measure = () => document.documentElement.style.setProperty("--bar", `${toolbar.offsetHeight}px`);
toolbar.hidden = false;
new ResizeObserver(measure).observe(toolbar);
apply();
