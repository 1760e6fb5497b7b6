"use strict";
// What a table is sorted by and how large a chart is stand in the address, after a tilde: a link shows the same view.
const [, kept = ""] = decodeURIComponent(location.hash).split("~");
const shownAs = new Map(kept.split("&").filter(Boolean).map((word) => word.split("=")));
const keep = (name, value) => {
  value === null ? shownAs.delete(name) : shownAs.set(name, value);
  const words = [...shownAs].map(([key, is]) => `${key}=${is}`).join("&");
  const place = location.hash.slice(1).split("~")[0];
  history.replaceState(null, "", `#${place}${words ? `~${words}` : ""}`);
};

// Charts respond to pointer and keyboard; everything that they say is on the page without this, too.
for (const figure of document.querySelectorAll("figure.chart")) {
  const data = JSON.parse(figure.querySelector("script").textContent);
  const view = figure.querySelector(".view");
  const svg = view.querySelector("svg");
  const hidden = new Set();
  const make = (name, parent, fields) => parent.appendChild(Object.assign(document.createElement(name), fields));
  const caption = figure.querySelector("figcaption");

  const controls = document.createElement("div");
  controls.className = "controls";
  figure.insertBefore(controls, view);
  if (data.groups.length) make("span", controls, { textContent: "Show:" });
  data.groups.forEach((name, number) => {
    const label = make("label", controls, {});
    const box = make("input", label, { type: "checkbox", checked: true });
    label.append(name);
    box.addEventListener("change", () => {
      box.checked ? hidden.delete(number) : hidden.add(number);
      for (const group of svg.querySelectorAll("g[data-group]")) {
        if (group.dataset.group === name) group.style.display = box.checked ? "" : "none";
      }
      leave();
    });
  });

  let zoom = 1;
  const scale = (factor) => {
    const middle = (view.scrollLeft + view.clientWidth / 2) / view.scrollWidth;
    const centre = (view.scrollTop + view.clientHeight / 2) / view.scrollHeight;
    zoom = Math.min(16, Math.max(1, zoom * factor));
    svg.style.width = `${100 * zoom}%`;
    keep(figure.id, zoom > 1 ? zoom : null);
    view.scrollLeft = middle * view.scrollWidth - view.clientWidth / 2;
    view.scrollTop = centre * view.scrollHeight - view.clientHeight / 2;
    leave();
  };
  const zooms = make("span", controls, { className: "zoom", textContent: "Zoom:" });
  for (const [sign, name, factor] of [["+", "Larger", 2], ["−", "Smaller", 0.5], ["1:1", "Whole chart", 0]]) {
    const button = make("button", zooms, { type: "button", textContent: sign, title: name });
    button.setAttribute("aria-label", name);
    button.addEventListener("click", () => scale(factor || 1 / zoom));
  }
  view.addEventListener("keydown", (event) => {
    if (event.key === "+") scale(2);
    else if (event.key === "-") scale(0.5);
    else if (event.key === "0") scale(1 / zoom);
  });

  const value = document.createElement("p");
  value.className = "value";
  value.setAttribute("aria-live", "polite");
  figure.insertBefore(value, caption);
  const tip = make("div", figure, { className: "tip", hidden: true });
  const dot = svg.appendChild(document.createElementNS("http://www.w3.org/2000/svg", "circle"));
  const units = svg.viewBox.baseVal.width / data.width;
  for (const [name, to] of [["r", 6 * units], ["fill", "none"], ["stroke", "#262626"], ["stroke-width", 2 * units]]) {
    dot.setAttribute(name, to);
  }
  dot.style.display = "none";
  dot.style.pointerEvents = "none";

  const shown = () => data.hints.filter((hint) => hint[3] === null || !hidden.has(hint[3]));
  const leave = () => {
    tip.hidden = true;
    dot.style.display = "none";
    value.textContent = "";
  };
  const show = (hint) => {
    if (!hint) return leave();
    const [x, y, text] = hint;
    const box = svg.getBoundingClientRect();
    const outer = figure.getBoundingClientRect();
    const pixels = box.width / data.width;
    value.textContent = text;
    tip.textContent = text;
    tip.hidden = false;
    const left = box.left - outer.left + x * pixels;
    const top = box.top - outer.top + y * pixels;
    tip.style.left = `${Math.max(0, Math.min(left + 12, outer.width - tip.offsetWidth))}px`;
    tip.style.top = `${top > tip.offsetHeight + 24 ? top - tip.offsetHeight - 12 : top + 14}px`;
    dot.setAttribute("cx", x * units);
    dot.setAttribute("cy", y * units);
    dot.style.display = "";
  };

  view.addEventListener("pointermove", (event) => {
    const box = svg.getBoundingClientRect();
    const pixels = box.width / data.width;
    const [x, y] = [(event.clientX - box.left) / pixels, (event.clientY - box.top) / pixels];
    let best = null;
    let least = data.byRow ? 12 : 60;
    for (const hint of shown()) {
      const away = data.byRow ? Math.abs(hint[1] - y) : Math.hypot(hint[0] - x, hint[1] - y);
      if (away < least) [best, least] = [hint, away];
    }
    show(best);
  });
  view.addEventListener("pointerleave", leave);
  view.addEventListener("blur", leave);

  if (shownAs.get(figure.id) > 1) scale(Number(shownAs.get(figure.id)));

  let at = -1;
  view.addEventListener("keydown", (event) => {
    const hints = shown();
    const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 1, ArrowUp: -1 };
    if (event.key === "Escape") return leave();
    if (zoom > 1 || !hints.length || !(event.key in steps || event.key === "Home" || event.key === "End")) return;
    event.preventDefault();
    if (event.key === "Home") at = 0;
    else if (event.key === "End") at = hints.length - 1;
    else at = Math.min(hints.length - 1, Math.max(0, at + steps[event.key]));
    show(hints[at]);
  });
}

// Tables of several rows are sorted by a column's heading; numbers and lengths of time by their size.
const worth = (text) => {
  const units = { h: 3600, m: 60, s: 1, ms: 0.001 };
  const lengths = [...text.split(/ ± | \(/)[0].matchAll(/([\d.,]+)(ms|h|m|s)\b/g)];
  const sign = /^[-−]/.test(text) ? -1 : 1;
  if (lengths.length) return sign * lengths.reduce((sum, [, number, unit]) => sum + parseFloat(number) * units[unit], 0);
  const number = parseFloat(text.replaceAll(",", "").replace("−", "-"));
  return Number.isNaN(number) ? Infinity : number;
};
for (const [number, table] of [...document.querySelectorAll("table")].entries()) {
  const body = table.tBodies[0];
  if (body.rows.length < 4) continue;
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      keep(`t${number}`, `${column}${down ? "d" : "a"}`);
      const text = (row) => row.cells[column].textContent;
      const numeric = head.classList.contains("number") || [...body.rows].every((row) => worth(text(row)) < Infinity);
      const less = (a, b) => {
        const [one, other] = [worth(text(a)), worth(text(b))];
        return (numeric && one !== other ? (one < other ? -1 : 1) : text(a).localeCompare(text(b)));
      };
      body.append(...[...body.rows].sort((a, b) => (down ? less(b, a) : less(a, b))));
    });
  });
  const [, column, way] = /^(\d+)([ad])$/.exec(shownAs.get(`t${number}`) || "") || [];
  const button = column && table.tHead.rows[0].cells[column]?.querySelector("button");
  if (button) for (let click = 0; click < (way === "d" ? 2 : 1); click += 1) button.click();
}

// An address that means something folded opens it.
const unfold = () => {
  const place = location.hash.slice(1).split("~")[0];
  const target = place && document.getElementById(place);
  for (let fold = target && target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  if (target && location.hash.includes("~")) target.scrollIntoView();
};
addEventListener("hashchange", () => {
  unfold();
  if (!location.hash.includes("~")) keep("", null);
});
unfold();
