import { useId } from 'react';

import { mix, readableOn } from '@/lib/colours';

import type { Kind } from './model/offers';

interface MiniCardProps {
  readonly kind: Kind | 'brand';
  readonly colour: string;
  readonly name: string;
  readonly logo?: string | undefined;
}

const WIDTH = 300;
const HEIGHT = 178;

/** A card as a small drawing: what it is for can be seen before a word is read. */
export function MiniCard({ kind, colour, name, logo }: MiniCardProps) {
  const id = useId();
  const ink = readableOn(colour);
  const tint = (share: number) => mix(colour, ink, share);
  const deep = mix(colour, '#000000', 0.24);
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width="100%" role="presentation" aria-hidden style={{ display: 'block', borderRadius: 14 }} direction="ltr">
      <defs>
        <linearGradient id={`${id}g`} x1="0" y1="0" x2="1" y2="1">
          <stop offset="0" stopColor={mix(colour, '#ffffff', 0.08)} />
          <stop offset="1" stopColor={deep} />
        </linearGradient>
        <clipPath id={`${id}c`}><rect width={WIDTH} height={HEIGHT} rx="14" /></clipPath>
      </defs>
      <g clipPath={`url(#${id}c)`}>
        <rect width={WIDTH} height={HEIGHT} fill={`url(#${id}g)`} />
        <circle cx="262" cy="18" r="92" fill={tint(0.05)} />
        <circle cx="286" cy="182" r="70" fill={tint(0.05)} />
        {logo ? (
          <>
            {/* Its colours are those of the card: it needs a ground of its own. */}
            <rect x="14" y="12" width="108" height="40" rx="9" fill="#ffffff" />
            <image href={logo} x="20" y="16" width="96" height="32" preserveAspectRatio="xMidYMid meet" />
          </>
        ) : (
          <text x="20" y="38" fill={ink} fontSize="17" fontWeight="650" fontFamily="system-ui, 'Noto Sans', 'Noto Sans Arabic', sans-serif">{name.slice(0, 26)}</text>
        )}
        <Art kind={kind} ink={ink} tint={tint} ground={colour} />
      </g>
    </svg>
  );
}

interface ArtProps {
  readonly kind: Kind | 'brand';
  readonly ink: string;
  readonly ground: string;
  readonly tint: (share: number) => string;
}

function Art({ kind, ink, tint, ground }: ArtProps) {
  switch (kind) {
    case 'stamps':
      return Array.from({ length: 10 }, (_, at) => {
        const [x, y] = [40 + (at % 5) * 55, 92 + Math.floor(at / 5) * 52];
        return at < 6 ? <Cup key={at} x={x} y={y} ink={ink} ground={ground} /> : <circle key={at} cx={x} cy={y} r="20" fill={tint(0.06)} stroke={tint(0.42)} strokeWidth="2" strokeDasharray="4 4" />;
      });
    case 'points':
      return (
        <>
          <Figure text="1 280" ink={ink} />
          <rect x="20" y="138" width="260" height="9" rx="4.5" fill={tint(0.18)} />
          <rect x="20" y="138" width="182" height="9" rx="4.5" fill={ink} />
          <circle cx="202" cy="142.5" r="9" fill={ink} stroke={ground} strokeWidth="3" />
        </>
      );
    case 'cashback':
      return (
        <>
          <Figure text="5 %" ink={ink} />
          <circle cx="224" cy="112" r="38" fill="none" stroke={tint(0.5)} strokeWidth="7" strokeDasharray="190 49" strokeLinecap="round" transform="rotate(-50 224 112)" />
          <path d="M252 74 l12 20 -23 4z" fill={tint(0.5)} />
          <circle cx="224" cy="112" r="15" fill={ink} />
        </>
      );
    case 'multipass':
      return Array.from({ length: 10 }, (_, at) => (
        <g key={at} transform={`translate(${22 + (at % 5) * 52} ${74 + Math.floor(at / 5) * 46})`}>
          <path d="M4 0 H42 a4 4 0 0 1 4 4 V12 a6 6 0 0 0 0 12 V32 a4 4 0 0 1 -4 4 H4 a4 4 0 0 1 -4 -4 V24 a6 6 0 0 0 0 -12 V4 a4 4 0 0 1 4 -4Z" fill={at < 3 ? tint(0.1) : tint(0.88)} stroke={at < 3 ? tint(0.35) : 'none'} strokeDasharray="4 3" />
          {at < 3 && <path d="M15 18 l6 6 11 -12" fill="none" stroke={tint(0.6)} strokeWidth="3.5" strokeLinecap="round" strokeLinejoin="round" />}
        </g>
      ));
    case 'membership':
      return (
        <>
          <path d="M236 58 l13 27 30 4 -22 21 5 30 -26 -14 -26 14 5 -30 -22 -21 30 -4z" fill={tint(0.78)} />
          <rect x="20" y="104" width="120" height="12" rx="6" fill={tint(0.8)} />
          <rect x="20" y="128" width="78" height="10" rx="5" fill={tint(0.35)} />
        </>
      );
    case 'gift_card':
      return (
        <>
          <rect x="196" y="0" width="20" height={HEIGHT} fill={tint(0.3)} />
          <rect x="0" y="86" width={WIDTH} height="20" fill={tint(0.22)} />
          <path d="M206 92 c-44 -52 -70 -8 -6 2 M206 92 c44 -52 70 -8 6 2 M204 96 l-24 42 M208 96 l24 42" fill="none" stroke={ink} strokeWidth="9" strokeLinecap="round" />
          <circle cx="206" cy="95" r="11" fill={ink} />
          <text x="20" y="154" fill={ink} fontSize="30" fontWeight="300" fontFamily="system-ui, sans-serif">50</text>
        </>
      );
    case 'coupon':
      return (
        <>
          <Figure text="−10 %" ink={ink} />
          <path d="M0 134 H300" stroke={tint(0.55)} strokeWidth="2.5" strokeDasharray="7 7" />
          <circle cx="0" cy="134" r="12" fill="var(--mantine-color-body)" />
          <circle cx="300" cy="134" r="12" fill="var(--mantine-color-body)" />
          {Array.from({ length: 21 }, (_, at) => <rect key={at} x={20 + at * 8} y="148" width={at % 3 === 0 ? 4 : 2} height="18" fill={tint(0.75)} />)}
        </>
      );
    case 'ticket':
      return (
        <>
          <path d="M214 0 V178" stroke={tint(0.55)} strokeWidth="2.5" strokeDasharray="7 7" />
          <circle cx="214" cy="0" r="12" fill="var(--mantine-color-body)" />
          <circle cx="214" cy="178" r="12" fill="var(--mantine-color-body)" />
          <text x="20" y="112" fill={ink} fontSize="40" fontWeight="250" fontFamily="system-ui, sans-serif">20:00</text>
          <rect x="20" y="130" width="132" height="10" rx="5" fill={tint(0.5)} />
          <rect x="20" y="148" width="84" height="10" rx="5" fill={tint(0.3)} />
          <rect x="232" y="62" width="50" height="50" rx="8" fill="#ffffff" />
          <path d="M239 69h12v12h-12zM263 69h12v12h-12zM239 93h12v12h-12zM265 95h4v4h-4zM271 101h4v4h-4zM261 103h4v4h-4z" fill="#111" />
        </>
      );
    case 'brand':
      return (
        <>
          <rect x="20" y="104" width="132" height="12" rx="6" fill={tint(0.8)} />
          <rect x="20" y="128" width="84" height="10" rx="5" fill={tint(0.35)} />
          <rect x="228" y="96" width="52" height="52" rx="8" fill="#ffffff" />
          <path d="M236 104h12v12h-12zM260 104h12v12h-12zM236 128h12v12h-12zM262 130h4v4h-4zM268 136h4v4h-4zM258 138h4v4h-4z" fill="#111" />
        </>
      );
  }
}

function Figure({ text, ink }: { readonly text: string; readonly ink: string }) {
  return <text x="20" y="118" fill={ink} fontSize="46" fontWeight="250" letterSpacing="-1" fontFamily="system-ui, 'Noto Sans', sans-serif">{text}</text>;
}

function Cup({ x, y, ink, ground }: { readonly x: number; readonly y: number; readonly ink: string; readonly ground: string }) {
  return (
    <g transform={`translate(${x - 20} ${y - 20})`}>
      <circle cx="20" cy="20" r="20" fill={ink} />
      <path d="M11 16 h15 v8 a6 6 0 0 1 -6 6 h-3 a6 6 0 0 1 -6 -6z" fill={ground} />
      <path d="M26 17.5 a4 4 0 0 1 0 8" fill="none" stroke={ground} strokeWidth="2.4" />
      <path d="M15 8 q2 2 0 4 M20 8 q2 2 0 4" fill="none" stroke={ground} strokeWidth="1.8" strokeLinecap="round" />
    </g>
  );
}
