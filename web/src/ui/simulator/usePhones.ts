/** Talking to the page of the simulated phones, which is not ours: by messages, and only with the origin we were told. */
import { type RefObject, useEffect, useRef, useState } from 'react';

import { currentLanguage } from '@/lib/i18n';

export type PhoneName = 'iphone' | 'android';

export interface Outcome {
  readonly phone: PhoneName;
  readonly ok: boolean;
  readonly message: string;
}

interface Phones {
  readonly frame: RefObject<HTMLIFrameElement | null>;
  readonly isReady: boolean;
  readonly opening: PhoneName | null;
  readonly outcome: Outcome | null;
  readonly open: (phone: PhoneName, card: string) => void;
}

interface Told {
  readonly from: 'phones';
  readonly what: string;
  readonly phone?: PhoneName;
  readonly ok?: boolean;
  readonly message?: string;
}

const isTold = (value: unknown): value is Told => typeof value === 'object' && value !== null && 'from' in value && value.from === 'phones' && 'what' in value;

export function usePhones(address: string): Phones {
  const frame = useRef<HTMLIFrameElement>(null);
  const [isReady, setReady] = useState(false);
  const [opening, setOpening] = useState<PhoneName | null>(null);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const { origin } = new URL(address);
  useEffect(() => {
    const onMessage = ({ origin: sender, source, data }: MessageEvent<unknown>) => {
      const phones = frame.current?.contentWindow;
      if (sender !== origin || !phones || source !== phones || !isTold(data)) return;
      if (data.what === 'ready') {
        setReady(true);
        phones.postMessage({ what: 'speak', language: currentLanguage() }, origin);
      }
      if (data.what === 'opened' && data.phone !== undefined) {
        setOpening(null);
        setOutcome({ phone: data.phone, ok: data.ok === true, message: data.message ?? '' });
      }
    };
    window.addEventListener('message', onMessage);
    return () => window.removeEventListener('message', onMessage);
  }, [origin]);
  const open = (phone: PhoneName, card: string) => {
    setOpening(phone);
    setOutcome(null);
    frame.current?.contentWindow?.postMessage({ what: 'open', phone, url: card }, origin);
  };
  return { frame, isReady, opening, outcome, open };
}
