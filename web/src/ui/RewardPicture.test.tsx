import { MantineProvider } from '@mantine/core';
import { fireEvent, render, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';

import { RewardPicture } from './RewardPicture';

const PATH = '/images/org_0/mug.png';

const picture = (address: string | null) => {
  const { container } = render(
    <MantineProvider env="test">
      <RewardPicture address={address} fallback={<span>no picture</span>} />
    </MantineProvider>,
  );
  return container.querySelector('img');
};

describe('the picture of a reward', () => {
  it.each([PATH, `${window.location.origin}${PATH}`])('is shown when it is kept here: %s', (address) => {
    const shown = picture(address);
    expect(shown?.getAttribute('src')).toBe(PATH);
    expect(shown?.getAttribute('loading')).toBe('lazy');
    expect(shown?.getAttribute('alt')).toBe('');
  });

  it.each([null, 'https://elsewhere.example/images/mug.png'])('is not shown when it is %s', (address) => {
    expect(picture(address)).toBeNull();
    expect(screen.getByText('no picture')).toBeDefined();
  });

  it('gives way when it cannot be loaded', () => {
    const shown = picture(PATH);
    if (!shown) throw new Error('no picture');
    fireEvent.error(shown);
    expect(screen.getByText('no picture')).toBeDefined();
  });
});
