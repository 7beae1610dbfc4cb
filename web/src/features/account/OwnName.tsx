import { Button, Group, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { api, data } from '@/lib/api';
import { tell } from '@/lib/notify';
import { ME } from '@/lib/session';
import { Fault } from '@/ui/Fault';
import { Section } from '@/ui/Section';

/** How colleagues see the caller. */
export function OwnName({ name }: { readonly name: string }) {
  const { t } = useTranslation('account');
  const { t: common } = useTranslation();
  const client = useQueryClient();
  const form = useForm({ mode: 'uncontrolled', initialValues: { name } });
  const rename = useMutation({
    mutationFn: async (body: { name: string }) => data(await api.PATCH('/api/v1/me', { body })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ME });
      tell(common('saved'));
    },
  });
  return (
    <Section title={t('profile')}>
      <form onSubmit={form.onSubmit((values) => rename.mutate(values))}>
        {rename.isError && <Fault fault={rename.error} />}
        <Group align="flex-end">
          <TextInput
            label={t('name')}
            autoComplete="name"
            required
            maxLength={100}
            style={{ flex: '1 1 14rem' }}
            maw={360}
            {...form.getInputProps('name')}
          />
          <Button type="submit" variant="default" loading={rename.isPending}>
            {common('save')}
          </Button>
        </Group>
      </form>
    </Section>
  );
}
