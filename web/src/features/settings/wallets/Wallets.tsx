import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';

import { api, data } from '@/lib/api';
import { Loaded } from '@/ui/Loaded';

import { AppleIdentity } from './AppleIdentity';
import { GoogleIssuer } from './GoogleIssuer';
import { WALLETS } from './requests';

/** With which certificate and issuer cards are made, and how to bring one's own. */
export function Wallets({ timeZone }: { readonly timeZone: string }) {
  const wallets = useQuery({ queryKey: WALLETS, queryFn: async () => data(await api.GET('/api/v1/wallets')) });
  return (
    <Loaded query={wallets}>
      {({ apple, google }) => (
        <Stack>
          <AppleIdentity state={apple} timeZone={timeZone} />
          <GoogleIssuer state={google} />
        </Stack>
      )}
    </Loaded>
  );
}
