import { Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { Design } from '../model/design';
import { carried } from '../model/texts';

import { useDesk } from './desk';
import { KindSelect } from './LookPanel';
import { PlaceholderInput } from './PlaceholderInput';

const TEXTS = [
  { name: 'title', isPlain: true, maxLength: 100 },
  { name: 'organization_name', isPlain: true, maxLength: 100 },
  { name: 'logo_text', isPlain: false, maxLength: 300 },
  { name: 'description', isPlain: true, maxLength: 200 },
] as const;

/** What the card as a whole is called. */
export function TextsPanel() {
  const { t } = useTranslation('designer');
  const { design, change } = useDesk();
  return (
    <Stack gap="sm">
      {TEXTS.map(({ name, isPlain, maxLength }) => (
        <PlaceholderInput
          key={name}
          label={t(`text.${name}`)}
          description={t(`textHint.${name}`)}
          value={design[name]}
          path={name}
          isPlain={isPlain}
          maxLength={maxLength}
          onChange={(text) => change((now) => renamed(now, name, text), name)}
        />
      ))}
      <KindSelect />
    </Stack>
  );
}

function renamed(design: Design, name: (typeof TEXTS)[number]['name'], text: string): Design {
  return carried({ ...design, [name]: text }, design[name], text);
}
