import { Anchor, Skeleton, Stack, Text } from '@mantine/core';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { api, data } from '@/lib/api';
import type { Language } from '@/lib/i18n';
import { Fault } from '@/ui/Fault';

import { StepForm } from '../Frame';
import type { Draft } from '../model/draft';
import { type Content, dressed, isUsual, lookOf, ownPictures, picturesOf, publishLook } from '../model/look';
import { designOf, make, offeringOf } from '../model/offering';
import { knownOf, suggestionOf } from '../model/offers';
import { USUAL } from '../model/palettes';
import type { CardPreview, StepProps } from '../step';
import styles from '../welcome.module.css';

import { LookPicker } from './LookPicker';

const CHANGED = ['programs', 'rewards', 'gift-card-products', 'coupon-campaigns', 'templates', 'template', 'reports'].map((name) => [name]);

interface Card {
  readonly content: Content;
  /** There once it was made. */
  readonly templateId: string | null;
}

/** How the card looks, on both phones; going on makes what was chosen, with it. */
export function CardStep({ organization, draft, change, go, preview: Preview }: StepProps & { readonly preview: CardPreview }) {
  const { t } = useTranslation('welcome');
  const client = useQueryClient();
  const brand = draft.shop?.colour ?? organization.brand.background ?? USUAL[0];
  const logo = organization.brand.logo ? `/images/${organization.id}/${organization.brand.logo}.png` : undefined;
  const look = useMemo(() => lookOf(draft, brand), [draft, brand]);
  const card = useCard(draft, organization.language);
  const wanted = JSON.stringify(look);
  const making = useMutation({
    mutationFn: async () => {
      const madeId = draft.madeId ?? (await make(draft, organization.language));
      change({ madeId });
      const made = offeringOf({ ...draft, madeId });
      const templateId = made && (await designOf(made));
      const isThere = draft.designedAs === wanted || (draft.designedAs === null && card.data !== undefined && isUsual(card.data.content, look));
      if (templateId !== null && !isThere) await publishLook(templateId, look, logo !== undefined);
    },
    onSuccess: async () => {
      change({ designedAs: wanted });
      await Promise.all(CHANGED.map((queryKey) => client.invalidateQueries({ queryKey })));
      go('phone');
    },
  });
  const content = useMemo(() => card.data && dressed(card.data.content, look), [card.data, look]);
  const known = useMemo(() => knownOf(draft, organization.currency), [draft, organization.currency]);
  const own = useQuery({ queryKey: ['logo', logo], enabled: logo !== undefined, staleTime: Infinity, queryFn: () => ownPictures(logo ?? '') }).data ?? null;
  const pictures = useMemo(() => content && picturesOf(content, look, own), [content, look, own]);
  return (
    <StepForm title={t('card.title')} lead={t('card.lead')} action={t('card.make')} pending={making.isPending} disabled={!card.data} onBack={() => go('program')} onSubmit={() => making.mutate()}>
      <div className={styles.columns} data-wide>
        <Stack gap="lg">
          {making.isError && <Fault fault={making.error} />}
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

/** The card of what was made, or the one that it would come with. */
function useCard(draft: Draft, language: Language) {
  const { kind, answers } = draft;
  const made = offeringOf(draft);
  const body = made === null && kind !== null && answers !== null ? suggestionOf(kind, answers, language) : null;
  return useQuery({
    queryKey: ['templates', 'suggestion', made, body],
    staleTime: 60_000,
    placeholderData: keepPreviousData,
    queryFn: async (): Promise<Card> => {
      if (body !== null) return { content: data(await api.POST('/api/v1/templates/suggestion', { body })), templateId: null };
      const path = { template_id: (made && (await designOf(made))) ?? '' };
      const { latest_version: version } = data(await api.GET('/api/v1/templates/{template_id}', { params: { path } }));
      const { content } = data(await api.GET('/api/v1/templates/{template_id}/versions/{version}', { params: { path: { ...path, version } } }));
      return { content, templateId: path.template_id };
    },
  });
}
