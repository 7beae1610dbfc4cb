/** What a cashier hears and feels, so that the eyes may stay with the customer. Made here: no files, no network. */
import { preferences } from '../till/preferences';

export type Signal = 'read' | 'booked' | 'kept' | 'refused' | 'undone';

interface Tone {
  readonly hertz: number;
  readonly from: number;
  readonly seconds: number;
}

const TONES: Record<Signal, readonly Tone[]> = {
  read: [{ hertz: 1400, from: 0, seconds: 0.06 }],
  booked: [
    { hertz: 880, from: 0, seconds: 0.1 },
    { hertz: 1320, from: 0.1, seconds: 0.18 },
  ],
  kept: [
    { hertz: 880, from: 0, seconds: 0.1 },
    { hertz: 880, from: 0.16, seconds: 0.1 },
  ],
  undone: [
    { hertz: 880, from: 0, seconds: 0.1 },
    { hertz: 587, from: 0.1, seconds: 0.18 },
  ],
  refused: [
    { hertz: 220, from: 0, seconds: 0.16 },
    { hertz: 196, from: 0.2, seconds: 0.3 },
  ],
};

const SHAKES: Record<Signal, number[]> = { read: [20], booked: [40], kept: [40, 60, 40], undone: [60], refused: [120, 80, 120] };

let context: AudioContext | null = null;

export function signal(kind: Signal): void {
  const { sound, vibration } = preferences();
  // A browser counts it as a fault to shake before anybody has touched the page.
  if (vibration && navigator.userActivation.hasBeenActive && 'vibrate' in navigator) navigator.vibrate(SHAKES[kind]);
  if (sound && 'AudioContext' in globalThis) play(TONES[kind], kind === 'refused' ? 'square' : 'sine');
}

function play(tones: readonly Tone[], type: OscillatorType): void {
  context ??= new AudioContext();
  // Browsers let a page sound only after it was touched.
  if (context.state === 'suspended') void context.resume();
  const start = context.currentTime;
  for (const tone of tones) {
    const oscillator = context.createOscillator();
    const volume = context.createGain();
    oscillator.type = type;
    oscillator.frequency.value = tone.hertz;
    const begin = start + tone.from;
    volume.gain.setValueAtTime(0, begin);
    volume.gain.linearRampToValueAtTime(type === 'square' ? 0.08 : 0.2, begin + 0.01);
    volume.gain.exponentialRampToValueAtTime(0.001, begin + tone.seconds);
    oscillator.connect(volume).connect(context.destination);
    oscillator.start(begin);
    oscillator.stop(begin + tone.seconds);
  }
}
