// The sounds of a scan: good, info, warn, bad. Whoever switched them off at the desk hears none anywhere.
const SWITCH = "desk-sound";
const TONES = { good: [[880, 0.09]], info: [[660, 0.09]], warn: [[660, 0.1], [880, 0.14]], bad: [[220, 0.18], [180, 0.28]] };
let audio;

export function play(tone) {
  if (!TONES[tone] || localStorage.getItem(SWITCH) === "off" || !window.AudioContext) return;
  audio ??= new AudioContext();
  let at = audio.currentTime;
  for (const [frequency, length] of TONES[tone]) {
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

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
