// Search of the data dictionary: a word finds what has it in a name, an id, a header, an alias or a definition.
"use strict";
const AT_ONCE = 60;
const WORDS_OF = { 栏目: "表头还写作", 任务: "也叫", 报表: "标题写作", 库表: "列", 视图: "列" };
const plain = (text) => text.normalize("NFKC").toLowerCase().replace(/[\s"'“”‘’「」『』]/g, "");
const entries = JSON.parse(document.getElementById("index").textContent).map(
  ([kind, name, id, english, text, words, links]) => ({
    kind, name, id, english, text, words, links,
    names: [name, id, ...words].map(plain),
    all: plain([name, id, english, text, ...words, ...links.map(([label]) => label)].join("\n")),
  }),
);
const query = document.getElementById("query");
const list = document.getElementById("found");
const more = document.getElementById("more");
const buttons = [...document.querySelectorAll("[data-kind]")];
let kind = "";
let shown = AT_ONCE;

// 0: is named so, 1: a name begins so, 2: a name has it, 3: told elsewhere; NaN: not found.
const rank = (entry, whole, words) => {
  if (entry.names.includes(whole)) return 0;
  if (!words.every((word) => entry.all.includes(word))) return NaN;
  if (entry.names.some((name) => name.startsWith(words[0]))) return 1;
  return words.every((word) => entry.names.some((name) => name.includes(word))) ? 2 : 3;
};
const search = (text) => {
  const words = text.split(/\s+/).map(plain).filter(Boolean);
  if (!words.length) return entries.filter((entry) => entry.kind === (kind || "报表"));
  const whole = plain(text);
  const ranked = entries.map((entry) => [rank(entry, whole, words), entry]).filter(([place]) => !Number.isNaN(place));
  return ranked.sort(([one], [other]) => one - other).map(([, entry]) => entry);
};
// A header may have 其中 before it and its unit in brackets behind it: 其中：女生（人）.
const searchHeader = (text) => {
  const found = search(text);
  const bare = text.normalize("NFKC").replace(/^(?:[#*]|其中[:,]?)+/, "").replace(/[[(【][^[\](【】)]*[\])】]\s*$/, "");
  return found.length || !bare ? found : search(bare);
};

const make = (tag, className, ...parts) => {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...parts);
  return node;
};
const marked = (text, words) => {
  const low = text.toLowerCase();
  const found = words.map((word) => [low.indexOf(word), word.length]).filter(([at]) => at >= 0).sort((a, b) => a[0] - b[0]);
  if (!found.length) return [text];
  const [at, length] = found[0];
  return [text.slice(0, at), make("mark", "", text.slice(at, at + length)), text.slice(at + length)];
};
const anchor = (label, place, words) => {
  const node = make("a", "", ...marked(label, words));
  node.href = place;
  return node;
};
const joined = (nodes) => nodes.flatMap((node, at) => (at ? ["、", node] : [node]));
const item = (entry, words) => {
  const isOfMany = entry.kind === "栏目" || entry.kind === "规则";
  const name = isOfMany ? make("span", "", ...marked(entry.name, words)) : anchor(entry.name, entry.links[0][1], words);
  const node = make("li", "", make("span", "kind", entry.kind), make("span", "name", name), " ", make("code", "", ...marked(entry.id, words)));
  if (entry.english) node.append(" ", make("span", "english", ...marked(entry.english, words)));
  if (entry.text) node.append(make("div", "text", ...marked(entry.text, words)));
  if (entry.words.length) {
    const spellings = entry.words.map((word) => make("span", "", ...marked(word, words)));
    node.append(make("div", "more", `${WORDS_OF[entry.kind]}：`, ...joined(spellings)));
  }
  if (isOfMany) node.append(make("div", "more", "所在报表：", ...joined(entry.links.map(([label, place]) => anchor(label, place, [])))));
  return node;
};

const summary = (text, ofKind, all) => {
  if (!text) return `下面列出全部${kind || "报表"}。`;
  if (ofKind) return `查到 ${ofKind} 条`;
  return all ? `${kind}中没有查到，其他类有 ${all} 条。` : "没有查到。请换一种写法，或只写其中几个字。";
};
const show = () => {
  const text = query.value.trim();
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const all = searchHeader(text);
  const found = kind ? all.filter((entry) => entry.kind === kind) : all;
  for (const { dataset, lastElementChild } of buttons) {
    const ofKind = (entry) => !dataset.kind || entry.kind === dataset.kind;
    lastElementChild.textContent = (text ? all : entries).filter(ofKind).length;
  }
  list.replaceChildren(...found.slice(0, shown).map((entry) => item(entry, words)));
  more.hidden = found.length <= shown;
  more.textContent = `全部列出（还有 ${found.length - shown} 条）`;
  document.getElementById("told").textContent = summary(text, found.length, all.length);
};
const searchAnew = () => {
  shown = AT_ONCE;
  history.replaceState(null, "", `#${encodeURIComponent(query.value.trim())}`);
  show();
};
const choose = (button) => {
  kind = button.dataset.kind;
  for (const each of buttons) each.setAttribute("aria-pressed", String(each === button));
  searchAnew();
};

for (const button of buttons) button.addEventListener("click", () => choose(button));
query.addEventListener("input", searchAnew);
document.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
more.addEventListener("click", () => {
  shown = Infinity;
  show();
});
const fromAddress = () => {
  query.value = decodeURIComponent(location.hash.slice(1));
  show();
};
window.addEventListener("hashchange", fromAddress);
document.querySelector("form").hidden = false;
fromAddress();
