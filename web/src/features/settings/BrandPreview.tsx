import { Alert, Box, Group, Image, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { READABLE, contrast } from '@/lib/contrast';

import type { Organization } from './change';

interface BrandPreviewProps {
  readonly organization: Organization;
  readonly brand: { readonly background: string; readonly foreground: string; readonly label: string; readonly logo: string | null };
}

/** The colours together, and a word when they can hardly be read. */
export function BrandPreview({ organization, brand }: BrandPreviewProps) {
  const { t } = useTranslation('settings');
  const weak = [brand.foreground, brand.label].some((colour) => (contrast(colour, brand.background) ?? READABLE) < READABLE);
  return (
    <Stack style={{ flex: '1 1 14rem' }} maw={340}>
      <Box p="md" style={{ borderRadius: 'var(--mantine-radius-lg)' }} bg={brand.background} c={brand.foreground} aria-hidden>
        <Group justify="space-between" wrap="nowrap">
          {brand.logo ? (
            <Image src={`/images/${organization.id}/${brand.logo}.png`} alt="" h={36} w="auto" maw={140} fit="contain" />
          ) : (
            <Text fw={700}>{organization.name}</Text>
          )}
          <Stack gap={0} align="flex-end">
            <Text size="xs" fw={600} c={brand.label}>
              {t('previewLabel')}
            </Text>
            <Text size="xl">128</Text>
          </Stack>
        </Group>
        <Text mt="xl" size="xs" fw={600} c={brand.label}>
          {t('previewMember')}
        </Text>
        <Text>Amina</Text>
      </Box>
      {weak && (
        <Alert color="yellow" icon={<IconAlertTriangle aria-hidden />}>
          {t('weakContrast')}
        </Alert>
      )}
    </Stack>
  );
}
