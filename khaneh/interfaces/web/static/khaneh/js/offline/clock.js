// The two clocks of the device: the wall clock, which anybody may set, and one that only counts since the page was opened. The server works out
// from both when an act happened; here they serve to show a time and to find the day of a due date.
import * as store from "./store.js";

const life = crypto.randomUUID();
let known = null;

export const look = () => ({ wall: Date.now(), run: life, ticks: performance.now() });
export const lastKnown = () => known;

export async function load() {
  known = (await store.get("meta", "clock")) ?? null;
}

// The server said its time (milliseconds since 1970) just now.
export async function heard(server) {
  known = { server, clock: look() };
  await store.put("meta", "clock", known);
}

// The best guess at the time. It never lies before the last time that the server told.
export function now() {
  if (!known) return Date.now();
  const here = look();
  if (here.run === known.clock.run) return known.server + (here.ticks - known.clock.ticks);
  return Math.max(known.server, known.server + (here.wall - known.clock.wall));
}
