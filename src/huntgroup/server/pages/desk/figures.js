// Charts per day, drawn here; beside each the same figures as a table for readers of the screen.

import { get } from "./api.js";
import { h, svg, table, usd } from "./dom.js";

const WIDTH = 640, HEIGHT = 180, LEFT = 64, RIGHT = 16, BOTTOM = 24, TOP = 10;
const ms = (value) => `${Math.round(value)} ms`;
const CHARTS = [
  { title: "Calls and handoffs", bars: true, lines: { calls: "calls", handoffs: "handoffs" } },
  { title: "Gap at a handoff", lines: { gap_p50_ms: "p50", gap_p99_ms: "p99" }, unit: ms },
  { title: "Time to first sound", lines: { first_sound_p50_ms: "p50" }, unit: ms },
  { title: "Interruptions", bars: true, lines: { interruptions: "interruptions" } },
  { title: "Outcome", stacked: true, bars: true, lines: { resolved: "resolved", partially: "partially", unresolved: "unresolved", escalated: "escalated", abandoned: "abandoned" } },
  { title: "Feeling", lines: { sentiment: "mean, −1 to 1" }, least: -1, most: 1, unit: (value) => value.toFixed(2) },
  { title: "Lead score", lines: { lead_score: "mean, 0 to 100" }, least: 0, most: 100, unit: (value) => value.toFixed(0) },
  { title: "Money", bars: true, lines: { usd: "USD by list price" }, unit: usd },
];

export async function showFigures(place, { signal, go }) {
  const asked = new URLSearchParams(location.search);
  const until = asked.get("until") ?? new Date().toISOString().slice(0, 10);
  const since = asked.get("since") ?? new Date(Date.parse(until) - 29 * 86400000).toISOString().slice(0, 10);
  const team = asked.get("team") ?? "";
  const known = (await get("/desk/api/calls?limit=1", signal)).teams;
  const teams = h("select", { name: "team" }, ["", ...known].map((name) => h("option", { value: name, selected: name === team }, name || "all")));
  const form = h("form", { class: "filters", onsubmit: (event) => {
    event.preventDefault();
    go(`/desk/figures?${new URLSearchParams([...new FormData(form)].filter(([, value]) => value))}`);
  } },
    h("label", {}, h("span", {}, "From"), h("input", { type: "date", name: "since", value: since, required: true })),
    h("label", {}, h("span", {}, "To"), h("input", { type: "date", name: "until", value: until, required: true })),
    h("label", {}, h("span", {}, "Team"), teams),
    h("button", {}, "Show"));
  place.append(form);
  const query = new URLSearchParams({ since, until, ...(team && { team }) });
  const { days } = await get(`/desk/api/figures?${query}`, signal);
  const priced = [...new Set(days.flatMap((day) => day.priced_as))];
  place.append(h("div", { class: "charts" }, CHARTS.map((chart) => draw(chart, days))));
  if (priced.length) place.append(h("p", { class: "note" }, `Money is by the list prices of ${priced.join(", ")}; what runs offline costs nothing and is priced as if it did.`));
}

function draw(chart, days) {
  const unit = chart.unit ?? ((value) => String(value));
  const names = Object.keys(chart.lines);
  const totals = days.map((day) => chart.stacked ? names.reduce((sum, name) => sum + (day[name] ?? 0), 0) : Math.max(...names.map((name) => day[name] ?? 0)));
  const most = chart.most ?? round(Math.max(...totals)), least = chart.least ?? 0;
  const step = (WIDTH - LEFT - RIGHT) / days.length;
  const y = (value) => TOP + (HEIGHT - BOTTOM - TOP) * (1 - (value - least) / (most - least));
  const marks = names.flatMap((name, number) => chart.bars
    ? bars(days, names, name, number, step, y, chart.stacked, unit, chart.lines[name])
    : line(days, name, number, step, y, unit, chart.lines[name]));
  const isEmpty = names.every((name) => days.every((day) => !day.calls || day[name] === null));
  const picture = isEmpty ? h("p", { class: "note" }, "Nothing in these days.") : svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true" },
    axis(y, least, most, unit), labels(days, step), marks);
  const legend = names.length > 1 && !isEmpty && h("ul", { class: "legend", "aria-hidden": "true" }, names.map((name, number) => h("li", { class: `c${number}` }, chart.lines[name])));
  return h("figure", {}, h("figcaption", {}, chart.title), picture, legend || "",
    h("details", {}, h("summary", {}, `${chart.title} as a table`),
      table(`${chart.title}, per day`, ["Day", ...Object.values(chart.lines)],
        days.map((day) => [day.day, ...names.map((name) => day[name] === null ? null : unit(day[name]))]))));
}

// The least even number above that is short to write: the middle of the axis is one, too.
function round(value) {
  if (value <= 0) return 2;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 4, 6, 8, 10].find((step) => step * power >= value) * power;
}

function axis(y, least, most, unit) {
  return [least, (least + most) / 2, most].map((value) => svg("g", { class: "axis" },
    svg("line", { x1: LEFT, x2: WIDTH - RIGHT, y1: y(value), y2: y(value) }),
    svg("text", { x: LEFT - 6, y: y(value) + 4, "text-anchor": "end" }, unit(Number.isInteger(value) ? value : Number(value.toPrecision(2))))));
}

function labels(days, step) {
  const every = Math.ceil(days.length / 7);
  return days.map((day, at) => at % every ? null : svg("text", { class: "day", x: LEFT + at * step + step / 2, y: HEIGHT - 6, "text-anchor": "middle" }, day.day.slice(5)));
}

function bars(days, names, name, number, step, y, stacked, unit, label) {
  const width = Math.max(1, stacked ? step * 0.7 : step * 0.7 / names.length);
  return days.map((day, at) => {
    const below = stacked ? names.slice(0, number).reduce((sum, other) => sum + (day[other] ?? 0), 0) : 0;
    const value = day[name] ?? 0;
    if (!value) return null;
    const x = LEFT + at * step + step * 0.15 + (stacked ? 0 : number * width);
    return svg("rect", { class: `c${number}`, x, width, y: y(below + value), height: Math.max(1, y(below) - y(below + value)) }, svg("title", {}, `${day.day}: ${label} ${unit(value)}`));
  });
}

function line(days, name, number, step, y, unit, label) {
  const points = days.map((day, at) => [LEFT + at * step + step / 2, day[name], day.day]).filter(([, value]) => value !== null);
  return [svg("polyline", { class: `c${number}`, points: points.map(([x, value]) => `${x},${y(value)}`).join(" ") }),
    ...points.map(([x, value, day]) => svg("circle", { class: `c${number}`, cx: x, cy: y(value), r: 3 }, svg("title", {}, `${day}: ${label} ${unit(value)}`)))];
}
