/** A camera that looks for codes until it is stopped. */

/** What keeps the camera from showing anything. */
export type CameraFault = 'blocked' | 'none' | 'busy' | 'insecure' | 'failed';

/** What runs: the cameras that there are, and the track that is shown. */
export interface Running {
  readonly track: MediaStreamTrack;
  readonly cameras: readonly MediaDeviceInfo[];
  readonly hasTorch: boolean;
}

export interface Watcher {
  readonly onRunning: (running: Running) => void;
  readonly onFault: (fault: CameraFault) => void;
  /** Once for each code, until another one or none was seen. */
  readonly onCode: (code: string) => void;
}

// Not in TypeScript's lib yet: https://w3c.github.io/mediacapture-image/
type Lit = MediaTrackCapabilities & { torch?: boolean };
type LitConstraints = MediaTrackConstraintSet & { torch?: boolean };

/** Between two looks: quick enough for the hand, and the phone stays cool. */
const LOOK_MS = 120;
/** Codes are read from a square in the middle, scaled to this. */
const SIDE = 720;

/** A card that still lies there when the camera starts for the next customer is not the next customer. */
let inView: string | null = null;

const FAULTS: Partial<Record<string, CameraFault>> = {
  NotAllowedError: 'blocked',
  SecurityError: 'blocked',
  NotFoundError: 'none',
  OverconstrainedError: 'none',
  NotReadableError: 'busy',
  AbortError: 'busy',
};

const faultOf = (fault: unknown): CameraFault => (fault instanceof Error ? (FAULTS[fault.name] ?? 'failed') : 'failed');

/** Shows a camera in `video` and looks for codes; ends with the function that is returned. */
export function watch(video: HTMLVideoElement, cameraId: string | null, watcher: Watcher): () => void {
  // Absent on pages that are not served over https.
  if (!('mediaDevices' in navigator)) {
    watcher.onFault('insecure');
    return () => undefined;
  }
  const stopped = new AbortController();
  run(video, cameraId, watcher, stopped.signal).catch((fault: unknown) => {
    if (!stopped.signal.aborted) watcher.onFault(faultOf(fault));
  });
  return () => stopped.abort();
}

export async function light(track: MediaStreamTrack, on: boolean): Promise<void> {
  const advanced: LitConstraints[] = [{ torch: on }];
  await track.applyConstraints({ advanced });
}

async function run(video: HTMLVideoElement, cameraId: string | null, watcher: Watcher, stopped: AbortSignal): Promise<void> {
  const [{ readCode }, stream] = await Promise.all([import('./reader'), open(cameraId)]);
  const stop = () => stream.getTracks().forEach((track) => track.stop());
  stopped.addEventListener('abort', stop);
  if (stopped.aborted) {
    stop();
    return;
  }
  video.srcObject = stream;
  await video.play();
  const [track] = stream.getVideoTracks();
  const devices = await navigator.mediaDevices.enumerateDevices();
  if (track) {
    const hasTorch = (track.getCapabilities() as Lit).torch === true;
    watcher.onRunning({ track, hasTorch, cameras: devices.filter((device) => device.kind === 'videoinput') });
  }
  await look(video, readCode, watcher, stopped);
}

async function look(
  video: HTMLVideoElement,
  readCode: (picture: ImageData) => Promise<string | null>,
  watcher: Watcher,
  stopped: AbortSignal,
): Promise<void> {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  while (canvas && !stopped.aborted) {
    const taken = document.visibilityState === 'visible' ? picture(video, canvas) : null;
    const code = taken ? await readCode(taken) : null;
    if (code !== null && code !== inView) watcher.onCode(code);
    inView = code;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

async function open(cameraId: string | null): Promise<MediaStream> {
  const size = { width: { ideal: 1280 }, height: { ideal: 720 } };
  const wanted = cameraId === null ? { facingMode: 'environment' } : { deviceId: { exact: cameraId } };
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: false, video: { ...size, ...wanted } });
  } catch (fault) {
    // The camera that was chosen once is not there today.
    if (cameraId !== null && fault instanceof DOMException && fault.name === 'OverconstrainedError') return open(null);
    throw fault;
  }
}

function picture(video: HTMLVideoElement, canvas: CanvasRenderingContext2D): ImageData | null {
  const side = Math.min(video.videoWidth, video.videoHeight);
  if (side === 0) return null;
  const shown = Math.min(side, SIDE);
  canvas.canvas.width = shown;
  canvas.canvas.height = shown;
  canvas.drawImage(video, (video.videoWidth - side) / 2, (video.videoHeight - side) / 2, side, side, 0, 0, shown, shown);
  return canvas.getImageData(0, 0, shown, shown);
}
