import { Image } from '@mantine/core';
import { type ReactNode, useState } from 'react';

import { keptPicture } from '@/lib/pictures';

interface RewardPictureProps {
  readonly address: string | null;
  readonly width?: number;
  /** What stands where no picture is, or none can be had without a network. */
  readonly fallback?: ReactNode;
}

/** The picture of a reward beside its name, loaded when it comes into sight. */
export function RewardPicture({ address, width = 60, fallback = null }: RewardPictureProps) {
  const path = keptPicture(address);
  const [failed, setFailed] = useState<string | null>(null);
  if (path === null || failed === path) return fallback;
  return (
    <Image src={path} alt="" w={width} h={(width * 2) / 3} radius="sm" fit="cover" loading="lazy" decoding="async" style={{ flexShrink: 0 }} onError={() => setFailed(path)} />
  );
}
