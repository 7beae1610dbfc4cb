import { Anchor, Skeleton, Stack, Text } from '@mantine/core';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { api, data } from '@/lib/api';
import { Fault } from '@/ui/Fault';

import { StepForm } from '../Frame';
import type { Draft } from '../model/draft';
import { type Content, dressed, isUsual, lookOf, ownPictures, picturesOf, publishLook } from '../model/look';
import { isProgram, programOf, suggestionOf } from '../model/offers';
import { USUAL } from '../model/palettes';
import type { CardPreview, StepProps } from '../step';
import styles from '../welcome.module.css';

import { LookPicker } from './LookPicker';

interface Card {
  readonly content: Content;
  /** There once the programme is open. */
  readonly templateId: string | null;
}

/** How the card looks, on both phones; going on opens the programme with it. */
export function CardStep({ organization, draft, change, go, preview: Preview }: StepProps & { readonly preview: CardPreview }) {
  const { t } = useTranslation('welcome');
  const client = useQueryClient();
  const brand = draft.shop?.colour ?? organization.brand.background ?? USUAL[0];
  const logo = organization.brand.logo ? `/images/${organization.id}/${organization.brand.logo}.png` : undefined;
  const look = useMemo(() => lookOf(draft, brand), [draft, brand]);
  const card = useCard(draft, organization.language);
  const wanted = JSON.stringify(look);
  const make = useMutation({
    mutationFn: async () => {
      const programId = draft.programId ?? (await openProgram(draft, organization.language));
      change({ programId });
      const { template_id } = data(await api.GET('/api/v1/programs/{program_id}', { params: { path: { program_id: programId } } }));
      const isThere = draft.designedAs === wanted || (draft.designedAs === null && card.data !== undefined && isUsual(card.data.content, look));
      if (template_id !== null && !isThere) await publishLook(template_id, look, logo !== undefined);
    },
    onSuccess: async () => {
      change({ designedAs: wanted });
      await Promise.all([['programs'], ['rewards'], ['templates'], ['template'], ['reports']].map((queryKey) => client.invalidateQueries({ queryKey })));
      go('phone');
    },
  });
  const content = useMemo(() => card.data && dressed(card.data.content, look), [card.data, look]);
  const reward = draft.answers?.reward;
  const known = useMemo((): Readonly<Record<string, string>> => (reward ? { 'reward.name': reward } : {}), [reward]);
  const own = useQuery({ queryKey: ['logo', logo], enabled: logo !== undefined, staleTime: Infinity, queryFn: () => ownPictures(logo ?? '') }).data ?? null;
  const pictures = useMemo(() => content && picturesOf(content, look, own), [content, look, own]);
  return (
    <StepForm title={t('card.title')} lead={t('card.lead')} action={t('card.make')} pending={make.isPending} disabled={!card.data} onBack={() => go('program')} onSubmit={() => make.mutate()}>
      <div className={styles.columns} data-wide>
        <Stack gap="lg">
          {make.isError && <Fault fault={make.error} />}
          {card.isError && <Fault fault={card.error} retry={() => void card.refetch()} />}
          <LookPicker draft={draft} brand={brand} hasStamps={card.data?.content.stamps !== null} onChange={change} />
          {card.data?.templateId ? (
            <Anchor component={Link} to={`/designs/${card.data.templateId}`} size="sm">{t('card.designer')}</Anchor>
          ) : (
            <Text size="sm" c="dimmed">{t('card.later')}</Text>
          )}
        </Stack>
        <section className={styles.phones} aria-label={t('card.preview')} aria-busy={!content || undefined}>
          {content && pictures ? <Preview content={content} pictures={pictures} known={known} /> : <Skeleton w={320} h={430} radius="md" />}
        </section>
      </div>
    </StepForm>
  );
}

const openProgram = async ({ kind, answers, key }: Draft, language: 'en' | 'fr' | 'ar'): Promise<string> => {
  if (kind === null || answers === null || !isProgram(kind)) throw new Error('No programme was chosen.');
  return data(await api.POST('/api/v1/programs', { body: programOf(kind, answers, language), headers: { 'Idempotency-Key': key } })).id;
};

/** The card of the programme, or the one that it would come with. */
function useCard({ programId, kind, answers }: Draft, language: 'en' | 'fr' | 'ar') {
  const body = programId === null && kind !== null && answers !== null && isProgram(kind) ? suggestionOf(kind, answers, language) : null;
  return useQuery({
    queryKey: ['templates', 'suggestion', programId, body],
    staleTime: 60_000,
    placeholderData: keepPreviousData,
    queryFn: async (): Promise<Card> => {
      if (body !== null) return { content: data(await api.POST('/api/v1/templates/suggestion', { body })), templateId: null };
      const program = data(await api.GET('/api/v1/programs/{program_id}', { params: { path: { program_id: programId ?? '' } } }));
      const path = { template_id: program.template_id ?? '' };
      const { latest_version: version } = data(await api.GET('/api/v1/templates/{template_id}', { params: { path } }));
      const { content } = data(await api.GET('/api/v1/templates/{template_id}/versions/{version}', { params: { path: { ...path, version } } }));
      return { content, templateId: path.template_id };
    },
  });
}
