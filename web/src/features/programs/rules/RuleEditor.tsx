import { Button, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams } from 'react-router';

import { api, data } from '@/lib/api';
import { useDraft } from '@/lib/draft';
import { currencyDigits } from '@/lib/format';
import { refused } from '@/lib/refusals';
import { useMay } from '@/lib/session';
import { BackLink } from '@/ui/BackLink';
import { Beside } from '@/ui/Beside';
import { Fault } from '@/ui/Fault';
import { SaveBar } from '@/ui/SaveBar';
import { SentenceCard } from '@/ui/SentenceCard';
import { TrialPanel } from '@/ui/earning/TrialPanel';
import type { Rule } from '@/ui/earning/kinds';
import { ruleSentence } from '@/ui/earning/sentence';
import { usePromotionNames, useWords } from '@/ui/earning/words';

import { type Program, useProgramChange } from '../requests';

import { RuleFields } from './RuleFields';
import { cleaned, newRule, opened, typesFor, withRule } from './rule';

/** One rule: its form, its sentence, and beside it what it would have given for a real purchase. */
export function RuleEditor({ program }: { readonly program: Program }) {
  const { rule: id = 'new' } = useParams();
  const known = program.rules.find((rule) => rule.id === id);
  return <Editor key={id} program={program} rule={known ? opened(known) : fresh(program)} isNew={!known} />;
}

function fresh(program: Program): Rule {
  const unit = program.units[0];
  const type = unit?.kind === 'money' ? 'per_percent' : (typesFor(unit)[0] ?? 'per_amount');
  return newRule(program.kind === 'stamps' ? 'per_visit' : type, unit?.code ?? '', 10 ** currencyDigits(program.currency));
}

interface EditorProps {
  readonly program: Program;
  readonly rule: Rule;
  readonly isNew: boolean;
}

function Editor({ program, rule, isNew }: EditorProps) {
  const { t } = useTranslation('programs');
  const navigate = useNavigate();
  const words = useWords(program);
  const promotions = usePromotionNames(program.id);
  const may = useMay();
  const { value, replace, isDirty } = useDraft<Rule>(rule);
  const list = `/programs/${program.id}/rules`;
  const save = useProgramChange(program.id, () => void navigate(list));
  const faults = refused(save.error);
  const tried = cleaned(value);
  const sentence = ruleSentence(value, words);
  const nameOf = (accrual: { rule_id: string | null; promotion_id: string | null }) => {
    if (accrual.promotion_id) return promotions.get(accrual.promotion_id) ?? words.t('trial.promotion');
    const place = program.rules.findIndex(({ id }) => id === accrual.rule_id);
    return place < 0 || accrual.rule_id === value.id ? words.t('trial.this') : words.t('trial.other', { number: place + 1 });
  };
  const aside = may('customers:read') && (
    <TrialPanel
      programId={program.id}
      words={words}
      tried={value.type === 'per_event' ? null : tried}
      run={async (purchase_id) =>
        data(await api.POST('/api/v1/programs/{program_id}/preview', { params: { path: { program_id: program.id } }, body: { purchase_id, rules: withRule(program.rules, tried) } }))
      }
      nameOf={nameOf}
    />
  );
  return (
    <Stack>
      <BackLink to={list} label={t('section.rules')} />
      <SentenceCard label={words.t('sentence')} sentence={sentence} />
      <Beside aside={aside}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            save.mutate((now) => ({ rules: withRule(now.rules, tried) }));
          }}
        >
          <Stack>
            {faults.above !== null && <Fault fault={faults.above} />}
            <RuleFields value={value} onChange={replace} program={program} words={words} refused={faults} isNew={isNew} />
          </Stack>
          <SaveBar isDirty={isDirty} isNew={isNew} pending={save.isPending} more={<Button component={Link} to={list} variant="default">{t('common:cancel')}</Button>} />
        </form>
      </Beside>
    </Stack>
  );
}
