// The desk made quick: posts swap the page in place, the field keeps the focus, each scan has its tone. All of it works without this.
const SWITCH = "desk-sound";
const TONES = { good: [[880, 0.09]], info: [[660, 0.09]], warn: [[660, 0.1], [880, 0.14]], bad: [[220, 0.18], [180, 0.28]] };
let audio;
let heard = document.querySelector("[data-tone]")?.dataset.at;

const on = () => localStorage.getItem(SWITCH) !== "off";

function play(tone) {
  if (!on() || !window.AudioContext) return;
  audio ??= new AudioContext();
  let at = audio.currentTime;
  for (const [frequency, length] of TONES[tone] ?? []) {
    const sound = audio.createOscillator();
    const volume = audio.createGain();
    sound.frequency.value = frequency;
    volume.gain.setValueAtTime(0.12, at);
    volume.gain.exponentialRampToValueAtTime(0.001, at + length);
    sound.connect(volume).connect(audio.destination);
    sound.start(at);
    sound.stop(at + length);
    at += length;
  }
}

function dress() {
  for (const form of document.querySelectorAll("#circ form[data-quick]")) {
    if (form.hasAttribute("hx-post") || !window.htmx) continue;
    form.setAttribute("hx-post", form.getAttribute("action"));
    for (const [name, value] of [["target", "#circ"], ["select", "#circ"], ["swap", "outerHTML"]]) form.setAttribute(`hx-${name}`, value);
    form.setAttribute("hx-sync", "#circ:queue all");
    window.htmx.process(form);
  }
  const button = document.querySelector("[data-sound]");
  if (button) {
    button.hidden = false;
    button.setAttribute("aria-pressed", String(on()));
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-sound]");
  if (!button) return;
  localStorage.setItem(SWITCH, on() ? "off" : "on");
  button.setAttribute("aria-pressed", String(on()));
  document.querySelector("[data-scan]")?.focus();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  document.querySelector("[data-done]")?.click();
});
document.addEventListener("htmx:afterSettle", () => {
  dress();
  document.querySelector("[data-scan]")?.focus();
  const said = document.querySelector("[data-tone]");
  if (said && said.dataset.at !== heard) {
    heard = said.dataset.at;
    play(said.dataset.tone);
  }
});
dress();
document.querySelector("[data-scan]")?.focus();
