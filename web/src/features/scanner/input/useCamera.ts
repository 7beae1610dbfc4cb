import { type RefObject, useEffect, useEffectEvent, useState } from 'react';

import { type CameraFault, type Running, light, watch } from './camera';

export interface Camera {
  readonly state: 'starting' | 'running' | CameraFault;
  readonly cameras: readonly MediaDeviceInfo[];
  /** `null` where the camera has no light. */
  readonly torch: boolean | null;
  readonly switchTorch: () => void;
}

/** Shows a camera in `video` and tells the codes that it sees; `cameraId` null is the one that looks away from the user. */
export function useCamera(video: RefObject<HTMLVideoElement | null>, cameraId: string | null, onCode: (code: string) => void): Camera {
  const [state, setState] = useState<Camera['state']>('starting');
  const [running, setRunning] = useState<Running | null>(null);
  const [torch, setTorch] = useState(false);
  const tell = useEffectEvent(onCode);

  useEffect(() => {
    if (!video.current) return;
    return watch(video.current, cameraId, {
      onRunning: (now) => {
        setRunning(now);
        setTorch(false);
        setState('running');
      },
      onFault: setState,
      onCode: (code) => tell(code),
    });
  }, [cameraId, video]);

  const switchTorch = () => {
    if (running) void light(running.track, !torch).then(() => setTorch(!torch));
  };
  return { state, cameras: running?.cameras ?? [], torch: running?.hasTorch ? torch : null, switchTorch };
}
