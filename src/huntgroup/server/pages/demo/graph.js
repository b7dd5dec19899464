// The team as a graph: who has the call is lit, and a change of hands runs along its edge.

import { titleOf } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";
const NODE = { width: 132, height: 44 };
const LINE_HEIGHT = 92;
const WIDTH = 340;

export class Graph {
  constructor(svg) {
    this.svg = svg;
    this.drawn = "";
  }

  draw(state) {
    const shape = JSON.stringify([state.agents, state.edges]);
    if (shape !== this.drawn) this.#build(state, shape);
    for (const [name, node] of this.nodes ?? []) node.classList.toggle("lit", state.agent === name && state.phase !== "idle");
    for (const edge of this.edges ?? []) this.#mark(state, edge);
    const label = state.agent ? `${titleOf(state, state.agent)} has the call.` : "Nobody has the call yet.";
    if (this.svg.getAttribute("aria-label") !== label) this.svg.setAttribute("aria-label", label);
  }

  #mark(state, { giver, receiver, path, text }) {
    const joins = (pair) => pair && [pair.from, pair.to].every((name) => name === giver || name === receiver);
    const moving = joins(state.moving);
    path.classList.toggle("moving", Boolean(moving));
    path.classList.toggle("backwards", Boolean(moving) && state.moving.from === receiver);
    const last = state.handoffs.findLast(joins);
    text.textContent = last && last.gapMs !== null ? `${last.gapMs} ms` : "";
  }

  #build(state, shape) {
    this.drawn = shape;
    const places = layout(state.agents, state.edges);
    const height = Math.max(...[...places.values()].map((place) => place.y), 0) + NODE.height;
    this.svg.setAttribute("viewBox", `0 0 ${WIDTH} ${Math.max(height, NODE.height) + 8}`);
    this.edges = state.edges.map((edge) => edgeOf(edge, places)).filter(Boolean);
    this.nodes = new Map(state.agents.map((agent) => [agent.name, nodeOf(titleOf(state, agent.name), places.get(agent.name))]));
    this.svg.replaceChildren(...this.edges.map((edge) => edge.group), ...this.nodes.values());
  }
}

/** Where each agent stands: rows by how many handoffs lead there from the first agent. */
export function layout(agents, edges) {
  const depth = new Map();
  let ring = agents.length ? [agents[0].name] : [];
  for (let row = 0; ring.length; row += 1) {
    for (const name of ring) depth.set(name, row);
    const reached = edges.filter((edge) => ring.includes(edge.giver)).map((edge) => edge.receiver);
    ring = [...new Set(reached)].filter((name) => !depth.has(name));
  }
  const last = Math.max(0, ...depth.values());
  for (const agent of agents) if (!depth.has(agent.name)) depth.set(agent.name, last + 1);
  // A wide row is broken, as two names stand side by side and no more.
  const rows = Map.groupBy(agents, (agent) => depth.get(agent.name));
  const lines = [...rows.entries()].sort(([a], [b]) => a - b).flatMap(([, row]) => chunks(row, 2));
  const places = new Map();
  lines.forEach((line, at) => line.forEach((agent, n) => {
    places.set(agent.name, { x: (WIDTH / line.length) * (n + 0.5) - NODE.width / 2, y: at * LINE_HEIGHT + 4 });
  }));
  return places;
}

function chunks(list, size) {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, n) => list.slice(n * size, (n + 1) * size));
}

function edgeOf({ giver, receiver }, places) {
  const [from, to] = [places.get(giver), places.get(receiver)];
  if (!from || !to) return null;
  const [a, b] = [centre(from), centre(to)];
  const bend = a.y === b.y ? 40 : 0;
  const middle = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 + bend };
  const group = made("g", { class: "edge" });
  const path = made("path", { d: `M${a.x} ${a.y} Q${middle.x} ${middle.y} ${b.x} ${b.y}`, pathLength: 100 });
  const text = made("text", { x: (a.x + b.x) / 2 + (bend ? 0 : 8), y: (a.y + b.y) / 2 + bend / 2 + 4 });
  group.append(path, text);
  return { giver, receiver, path, text, group };
}

function nodeOf(title, { x, y }) {
  const group = made("g", { class: "node", transform: `translate(${x} ${y})` });
  const text = made("text", { x: NODE.width / 2, y: NODE.height / 2 + 5 });
  text.textContent = title.length > 17 ? `${title.slice(0, 16)}…` : title;
  group.append(made("rect", { width: NODE.width, height: NODE.height, rx: 12 }), text);
  return group;
}

function centre({ x, y }) {
  return { x: x + NODE.width / 2, y: y + NODE.height / 2 };
}

function made(tag, attributes) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}
