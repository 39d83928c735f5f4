// The door of an event without a line: who came is written down in this browser, and sent when there is one. Each entry has a name of its
// own, so that sending twice changes nothing. What the list says is thrown away with a button, or once all is sent.
const box = document.querySelector("[data-door]");
const read = (id) => JSON.parse(document.getElementById(id).textContent);
const words = read("door-words");
const addresses = read("door-addresses");
const shipped = read("door-list");
const KEY = `event-door-${shipped.event}`;
const part = (name) => box.querySelector(`[data-${name}]`);

const kept = JSON.parse(localStorage.getItem(KEY) || "null");
const state = { list: shipped, queue: kept?.queue ?? [], refused: kept?.refused ?? [] };
// A page that was kept by the browser holds the list as it was then; a newer one may have come since.
if (kept && kept.list.made_at > shipped.made_at) state.list = kept.list;

function keep() {
  localStorage.setItem(KEY, JSON.stringify(state));
}

function number(value) {
  return value.toLocaleString(document.documentElement.lang === "fa" ? "fa-IR" : document.documentElement.lang);
}

function cameOf(one) {
  const here = state.queue.filter((entry) => entry.registration === one.id).reduce((sum, entry) => sum + entry.people, 0);
  return Math.min(one.people, one.came + here);
}

function add(entry) {
  state.queue.push({ client_id: crypto.randomUUID(), at: new Date().toISOString(), ...entry });
  keep();
  show();
  send();
}

function checkIn(one) {
  const left = one.people - cameOf(one);
  if (!left) return answer(words.all, "warn");
  add({ registration: one.id, people: left });
  answer(words.welcome.replace("%s", one.name || one.code), "good");
}

function answer(text, tone) {
  const line = part("answer");
  line.className = `notice notice--${tone}`;
  line.textContent = text;
  line.hidden = false;
}

function show() {
  const list = state.list.registrations;
  const guests = state.queue.filter((entry) => entry.registration === undefined).reduce((sum, entry) => sum + entry.people, 0);
  part("came").textContent = number(list.reduce((sum, one) => sum + cameOf(one), guests + state.list.guests));
  part("kept").textContent = number(state.queue.length);
  part("send").disabled = !state.queue.length;
  part("state").textContent = state.queue.length ? words.waits : words.ready;
  const lines = [...list].sort((a, b) => (cameOf(a) === a.people) - (cameOf(b) === b.people) || a.name.localeCompare(b.name));
  part("list").replaceChildren(
    ...lines.map((one) => {
      const line = part("line").content.firstElementChild.cloneNode(true);
      line.querySelector("[data-name]").textContent = [one.name || one.code, one.organisation].filter(Boolean).join(" · ");
      line.querySelector("[data-more]").textContent = [`${number(cameOf(one))} / ${number(one.people)}`, one.pays, ...one.names].filter(Boolean).join(" · ");
      const button = line.querySelector("[data-here]");
      if (cameOf(one) === one.people) {
        line.classList.add("ev-person--came");
        button.remove();
      } else button.addEventListener("click", () => checkIn(one));
      return line;
    }),
  );
  part("refused-box").hidden = !state.refused.length;
  part("refused").replaceChildren(
    ...state.refused.map((one) => {
      const line = document.createElement("li");
      line.className = "ev-person";
      line.textContent = `${one.name}: ${one.why}`;
      return line;
    }),
  );
}

let sending = false;
async function send() {
  if (sending || !state.queue.length) return;
  sending = true;
  const entries = [...state.queue];
  try {
    const reply = await fetch(addresses.send, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": box.dataset.csrf },
      body: JSON.stringify({ token: state.list.token, entries }),
    });
    if (reply.redirected || reply.status === 403 || reply.status === 404) answer(words.sign_in, "warn");
    else {
      const said = await reply.json();
      if (!reply.ok) answer(said.error, "bad");
      else {
        for (const one of said.answers) {
          const entry = entries.find((each) => each.client_id === one.client_id);
          const who = state.list.registrations.find((each) => each.id === entry.registration);
          if (one.outcome === "refused") state.refused.push({ name: who?.name || entry.name || entry.code || "", why: one.why });
          state.queue = state.queue.filter((each) => each.client_id !== one.client_id);
        }
        state.list = said.list;
        keep();
        answer(words.sent, "good");
      }
    }
  } catch {
    // No line: it stays here, and is sent with the next one.
  }
  sending = false;
  show();
}

part("scan").addEventListener("submit", (event) => {
  event.preventDefault();
  const field = event.target.querySelector("input");
  const typed = field.value.trim();
  if (!typed) return;
  const list = state.list.registrations;
  const found = list.find((one) => one.code === typed.toUpperCase());
  const named = list.filter((one) => one.name.toLowerCase().includes(typed.toLowerCase()));
  if (found || named.length === 1) {
    checkIn(found || named[0]);
    field.value = "";
  } else answer(named.length ? words.several : words.nobody, "warn");
  field.focus();
});

part("guest").addEventListener("submit", (event) => {
  event.preventDefault();
  const field = event.target.querySelector("input");
  add({ name: field.value.trim(), people: 1 });
  answer(words.welcome.replace("%s", field.value.trim()), "good");
  field.value = "";
});

part("send").addEventListener("click", send);
part("forget").addEventListener("click", async () => {
  if (state.queue.length && !confirm(words.unsent)) return;
  localStorage.removeItem(KEY);
  await caches.delete("event-door");
  location.href = addresses.door;
});
addEventListener("online", send);

if ("serviceWorker" in navigator) navigator.serviceWorker.register(addresses.worker, { scope: "/desk/events/" });
keep();
box.hidden = false;
show();
send();
