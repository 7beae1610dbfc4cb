import { Button, CopyButton, Image, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { Loaded } from '@/ui/Loaded';

import { invite } from '../till/pairing';

/** A code for another device: whoever opens it sets that device up as a till. */
export function Invitation({ scopes }: { readonly scopes: readonly string[] }) {
  const { t } = useTranslation('scanner');
  const invitation = useQuery({
    queryKey: ['invitation'],
    queryFn: async () => {
      const [address, { drawCode }] = await Promise.all([invite(scopes), import('../input/writer')]);
      return { address, picture: await drawCode(address) };
    },
    // It is a key: made once, and not kept.
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
  });
  return (
    <Loaded query={invitation} skeleton={<Skeleton h={240} />}>
      {({ address, picture }) => (
        <Stack gap="sm" align="center">
          <Image src={picture} alt="" w={240} h={240} bg="white" p="xs" bdrs="md" />
          <Text ta="center">{t('pair.inviteHint')}</Text>
          <CopyButton value={address}>
            {({ copied, copy }) => (
              <Button variant="default" onClick={copy}>
                {t(copied ? 'pair.copied' : 'pair.copy')}
              </Button>
            )}
          </CopyButton>
        </Stack>
      )}
    </Loaded>
  );
}
