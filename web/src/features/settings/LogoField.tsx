import { Button, FileButton, Group, Image, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { Problem } from '@/lib/api';
import { PICTURE_KINDS, SENT_BYTES, tooLarge, uploadPicture } from '@/lib/pictures';
import { useMay } from '@/lib/session';
import { Fault } from '@/ui/Fault';

interface LogoFieldProps {
  readonly organizationId: string;
  readonly logo: string | null;
  readonly mayChange: boolean;
  readonly onChange: (logo: string | null) => void;
}

const DIGEST = /([0-9a-f]{64})\.png$/;

/** The logo, by the digest under which the picture is kept. */
export function LogoField({ organizationId, logo, mayChange, onChange }: LogoFieldProps) {
  const { t } = useTranslation('settings');
  const may = useMay();
  const upload = useMutation({
    mutationFn: async (file: File) => {
      const excess = tooLarge(file, SENT_BYTES);
      if (excess) throw new Problem(0, 'image_too_large', t('common:pictureTooLarge', excess));
      const kept = await uploadPicture(file);
      return DIGEST.exec(kept.url)?.[1] ?? null;
    },
    onSuccess: onChange,
  });
  return (
    <Stack gap="xs">
      <Text fw={500} size="sm">
        {t('logo')}
      </Text>
      {upload.isError && <Fault fault={upload.error} />}
      {logo && <Image src={`/images/${organizationId}/${logo}.png`} alt={t('logo')} h={64} w="auto" maw={220} fit="contain" />}
      {mayChange && may('programs:write') && (
        <Group>
          <FileButton accept={PICTURE_KINDS} onChange={(file) => file && upload.mutate(file)}>
            {(props) => (
              <Button {...props} size="xs" variant="default" loading={upload.isPending}>
                {t(logo ? 'replaceLogo' : 'uploadLogo')}
              </Button>
            )}
          </FileButton>
          {logo && (
            <Button size="xs" variant="subtle" onClick={() => onChange(null)}>
              {t('removeLogo')}
            </Button>
          )}
        </Group>
      )}
    </Stack>
  );
}
