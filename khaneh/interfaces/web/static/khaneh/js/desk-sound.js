// A tone for each answer, made here: two rising for attention, two falling and low for a refusal, one for what is done.
const SWITCH = "desk-sound";
const TONES = { good: [[880, 0.09]], info: [[660, 0.09]], warn: [[660, 0.1], [990, 0.16]], bad: [[220, 0.18], [165, 0.3]] };
let audio;

export const isOn = () => localStorage.getItem(SWITCH) !== "off";
export const turn = () => localStorage.setItem(SWITCH, isOn() ? "off" : "on");

export function play(tone) {
  if (!isOn() || !window.AudioContext || !TONES[tone]) return;
  audio ??= new AudioContext();
  // A browser keeps a page quiet until a key was pressed in it.
  if (audio.state === "suspended") audio.resume();
  let at = audio.currentTime;
  for (const [frequency, length] of TONES[tone]) {
    const sound = audio.createOscillator();
    const volume = audio.createGain();
    sound.type = tone === "bad" ? "square" : "sine";
    sound.frequency.value = frequency;
    volume.gain.setValueAtTime(tone === "bad" ? 0.06 : 0.14, at);
    volume.gain.exponentialRampToValueAtTime(0.001, at + length);
    sound.connect(volume).connect(audio.destination);
    sound.start(at);
    sound.stop(at + length);
    at += length;
  }
}
