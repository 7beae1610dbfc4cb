import { Button, Checkbox, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams } from 'react-router';

import { type Schemas, api, data } from '@/lib/api';
import { useDraft } from '@/lib/draft';
import { refused } from '@/lib/refusals';
import { useSaving } from '@/lib/saving';
import { useMay } from '@/lib/session';
import { BackLink } from '@/ui/BackLink';
import { Beside } from '@/ui/Beside';
import { Fault } from '@/ui/Fault';
import { Loaded } from '@/ui/Loaded';
import { SaveBar } from '@/ui/SaveBar';
import { SentenceCard } from '@/ui/SentenceCard';
import { TrialPanel } from '@/ui/earning/TrialPanel';
import { promotionSentence } from '@/ui/earning/promotionSentence';
import { usePromotionNames, useWords } from '@/ui/earning/words';

import { PromotionFields } from './PromotionFields';
import { type Values, newPromotion, promotionChange, promotionIn, valuesOf } from './promotion';

type Program = Schemas['ProgramOut'];

/** A new promotion, or one that is there. */
export function PromotionPage({ program }: { readonly program: Program }) {
  const { promotion: id = 'new' } = useParams();
  const known = useQuery({
    queryKey: ['promotion', id],
    enabled: id !== 'new',
    queryFn: async () => data(await api.GET('/api/v1/promotions/{promotion_id}', { params: { path: { promotion_id: id } } })),
  });
  if (id === 'new') return <Editor program={program} id={null} values={newPromotion(program.units[0]?.code ?? '')} />;
  return <Loaded query={known}>{(promotion) => <Editor key={id} program={program} id={id} values={valuesOf(promotion)} />}</Loaded>;
}

interface EditorProps {
  readonly program: Program;
  readonly id: string | null;
  readonly values: Values;
}

function Editor({ program, id, values }: EditorProps) {
  const { t } = useTranslation('promotions');
  const navigate = useNavigate();
  const words = useWords(program);
  const names = usePromotionNames(program.id);
  const may = useMay();
  const { value, set, isDirty } = useDraft<Values & { readonly atOnce: boolean }>({ ...values, atOnce: false });
  const { atOnce, ...promotion } = value;
  const list = `/programs/${program.id}/promotions`;
  const save = useSaving({
    save: async () =>
      id === null
        ? data(await api.POST('/api/v1/promotions', { body: { ...promotionIn(promotion, program.id), state: atOnce ? 'active' : 'draft' } }))
        : data(await api.PATCH('/api/v1/promotions/{promotion_id}', { params: { path: { promotion_id: id } }, body: promotionChange(promotion) })),
    refresh: [['promotions', program.id], ['promotion', id]],
    onSaved: () => void navigate(list),
  });
  const faults = refused(save.error, { budget_below_used: promotion.budget_units ? 'budget_units' : 'budget_uses' });
  const nameOf = (accrual: { rule_id: string | null; promotion_id: string | null }) => {
    if (!accrual.promotion_id) return words.t('trial.other', { number: program.rules.findIndex((rule) => rule.id === accrual.rule_id) + 1 });
    const saved = accrual.promotion_id === id ? undefined : names.get(accrual.promotion_id);
    return saved ?? (promotion.name || t('unnamed'));
  };
  const aside = may('customers:read') && (
    <TrialPanel
      programId={program.id}
      words={words}
      tried={promotion}
      run={async (purchase_id) =>
        data(await api.POST('/api/v1/promotions/preview', { body: { promotion: { ...promotionIn(promotion, program.id), name: promotion.name || t('unnamed') }, promotion_id: id, purchase_id } }))
      }
      nameOf={nameOf}
    />
  );
  return (
    <Stack>
      <BackLink to={list} label={t('title')} />
      <SentenceCard label={words.t('sentence')} sentence={promotionSentence(promotion, words)} />
      <Beside aside={aside}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            save.mutate();
          }}
        >
          <Stack>
            {faults.above !== null && <Fault fault={faults.above} />}
            <PromotionFields value={promotion} set={set} program={program} words={words} refused={faults} isNew={id === null} />
            {id === null && <Checkbox label={t('atOnce')} description={t('atOnceHint')} checked={atOnce} onChange={({ currentTarget }) => set({ atOnce: currentTarget.checked })} />}
          </Stack>
          <SaveBar isDirty={isDirty} isNew={id === null} pending={save.isPending} more={<Button component={Link} to={list} variant="default">{t('common:cancel')}</Button>} />
        </form>
      </Beside>
    </Stack>
  );
}
