import { Button, Group, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, data } from '@/lib/api';
import { useSaving } from '@/lib/saving';
import { useMay } from '@/lib/session';
import { ConfirmDialog } from '@/ui/ConfirmDialog';

import { FEEDBACK, HOME, type Feedback } from './requests';

type Act = 'reply' | 'deal';

/** So many stars or fewer wait until somebody has seen to them. */
const LOW_STARS = 2;

/** Reply by mail, once; and say that it was dealt with, with a note if wanted. */
export function FeedbackActions({ feedback }: { readonly feedback: Feedback }) {
  const { t } = useTranslation('customers');
  const may = useMay()('customers:write');
  const [act, setAct] = useState<Act | null>(null);
  const [text, setText] = useState('');
  const path = { feedback_id: feedback.id };
  const save = useSaving({
    save: async (chosen: Act) =>
      chosen === 'reply'
        ? data(await api.POST('/api/v1/feedback/{feedback_id}/reply', { params: { path }, body: { text } }))
        : data(await api.POST('/api/v1/feedback/{feedback_id}/dealt-with', { params: { path }, body: { note: text.trim() || null } })),
    refresh: [FEEDBACK, HOME, ['customers']],
    onSaved: () => {
      setAct(null);
      setText('');
    },
  });
  if (!may || feedback.stars === null) return null;
  const acts: Act[] = [...(feedback.replied_at === null ? (['reply'] as const) : []), ...(feedback.stars <= LOW_STARS && feedback.dealt_at === null ? (['deal'] as const) : [])];
  return (
    <Group gap={4}>
      {acts.map((each) => (
        <Button key={each} size="xs" variant={each === 'reply' ? 'default' : 'light'} onClick={() => setAct(each)}>
          {t(`feedback.${each}.action`)}
        </Button>
      ))}
      <ConfirmDialog
        opened={act !== null}
        title={act ? t(`feedback.${act}.title`) : ''}
        action={act ? t(`feedback.${act}.action`) : ''}
        pending={save.isPending}
        fault={save.error}
        disabled={act === 'reply' && text.trim() === ''}
        onClose={() => setAct(null)}
        onConfirm={() => act && save.mutate(act)}
      >
        <Text size="sm">{act ? t(`feedback.${act}.lead`) : ''}</Text>
        <Textarea
          label={act ? t(`feedback.${act}.text`) : ''}
          required={act === 'reply'}
          maxLength={2000}
          autosize
          minRows={3}
          dir="auto"
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
        />
      </ConfirmDialog>
    </Group>
  );
}
