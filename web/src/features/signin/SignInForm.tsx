import { Button, Divider, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { IconFingerprint } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Problem, api, data } from '@/lib/api';
import { answerWithPasskey, passkeysWork } from '@/lib/passkeys';
import { ME } from '@/lib/session';
import { Fault } from '@/ui/Fault';

import { useSignInOptions } from './options';

interface SignInFormProps {
  readonly onDone?: () => void;
  /** Whose session ended, where that is known. */
  readonly email?: string;
}

interface Typed {
  email: string;
  password: string;
  code: string;
}

const says = (fault: unknown, code: string): boolean => fault instanceof Problem && fault.code === code;
const asksForCode = (fault: unknown): boolean => says(fault, 'second_factor_required');

/** E-mail and password, a code where one is asked for, or a passkey; whoever is signed in then sees what was asked for. */
export function SignInForm({ onDone, email = '' }: SignInFormProps) {
  const { t } = useTranslation('signin');
  const client = useQueryClient();
  const { data: options } = useSignInOptions();
  const [asked, setAsked] = useState(false);
  const form = useForm<Typed>({ mode: 'uncontrolled', initialValues: { email, password: '', code: '' } });
  const done = async () => {
    await client.invalidateQueries({ queryKey: ME });
    onDone?.();
  };
  const signIn = useMutation({
    mutationFn: async ({ email, password, code }: Typed) => {
      await api.POST('/api/v1/sessions', { body: { email, password, ...(code ? { code } : {}) } });
    },
    onSuccess: done,
    onError: (fault) => {
      if (asksForCode(fault)) setAsked(true);
    },
  });
  const withPasskey = useMutation({
    mutationFn: async () => {
      const { public_key } = data(await api.POST('/api/v1/sessions/passkey/options'));
      await api.POST('/api/v1/sessions/passkey', { body: { credential: await answerWithPasskey(public_key) } });
    },
    onSuccess: done,
  });
  // The password was right by then, so it is the code that is not.
  const isCodeWrong = asked && says(signIn.error, 'sign_in_failed');
  const fault = [signIn.error, withPasskey.error].find((each) => each !== null && !asksForCode(each) && !isCodeWrong);
  return (
    <form onSubmit={form.onSubmit((values) => signIn.mutate(values))}>
      <Stack>
        {fault && <Fault fault={fault} />}
        {/* Kept while the code is typed, so that a browser saves both. */}
        <Stack display={asked ? 'none' : 'flex'}>
          <TextInput label={t('email')} type="email" autoComplete="username" required {...form.getInputProps('email')} />
          <PasswordInput label={t('password')} autoComplete="current-password" required data-autofocus={email !== '' || undefined} {...form.getInputProps('password')} />
        </Stack>
        {asked && (
          <>
            <Text size="sm">{t('codeLead')}</Text>
            <TextInput
              label={t('code')}
              autoComplete="one-time-code"
              required
              autoFocus
              dir="ltr"
              {...form.getInputProps('code')}
              error={isCodeWrong && t('codeWrong')}
            />
          </>
        )}
        <Button type="submit" loading={signIn.isPending}>
          {t(asked ? 'confirmCode' : 'submit')}
        </Button>
        {asked ? (
          <Button
            variant="subtle"
            onClick={() => {
              form.setFieldValue('code', '');
              signIn.reset();
              setAsked(false);
            }}
          >
            {t('otherAccount')}
          </Button>
        ) : (
          options?.passkeys === true &&
          passkeysWork() && (
            <>
              <Divider label={t('or')} />
              <Button
                variant="default"
                leftSection={<IconFingerprint size={18} aria-hidden />}
                loading={withPasskey.isPending}
                onClick={() => withPasskey.mutate()}
              >
                {t('withPasskey')}
              </Button>
            </>
          )
        )}
      </Stack>
    </form>
  );
}
