import { Fieldset, Radio, Select, Stack, Switch } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { type Schemas, api, data } from '@/lib/api';
import { useDraft } from '@/lib/draft';
import { useSaving } from '@/lib/saving';
import { Fault } from '@/ui/Fault';
import { Loaded } from '@/ui/Loaded';
import { SaveBar } from '@/ui/SaveBar';
import { Section } from '@/ui/Section';

type Rule = Required<Schemas['CodeRuleIn']>;

const KINDS = ['static', 'signed', 'rotating'] as const;
const COPIES = ['everything', 'earn', 'look_up'] as const;

const ruleOf = ({ code_kind, copies_may, single_use }: Schemas['CodeRuleOut']): Rule => ({ code_kind, copies_may, single_use });

interface CodeRuleProps {
  readonly programId: string;
  readonly readOnly: boolean;
}

/** How the cards of a programme show their code, and what is done about pictures of it. */
export function CodeRule({ programId, readOnly }: CodeRuleProps) {
  const { t } = useTranslation('programs');
  const path = { program_id: programId };
  const rule = useQuery({
    queryKey: ['program', programId, 'code-rule'],
    queryFn: async () => ruleOf(data(await api.GET('/api/v1/programs/{program_id}/code-rule', { params: { path } }))),
  });
  return (
    <Section title={t('codes.title')} lead={t('codes.lead')}>
      <Loaded query={rule}>{(told) => <RuleForm key={programId} programId={programId} rule={told} readOnly={readOnly} />}</Loaded>
    </Section>
  );
}

function RuleForm({ programId, rule, readOnly }: CodeRuleProps & { readonly rule: Rule }) {
  const { t } = useTranslation('programs');
  const { value, set, isDirty, replace, settle } = useDraft<Rule>(rule);
  const path = { program_id: programId };
  const save = useSaving({
    save: async (body: Rule) => ruleOf(data(await api.PUT('/api/v1/programs/{program_id}/code-rule', { params: { path }, body }))),
    refresh: [['program', programId, 'code-rule']],
    onSaved: settle,
  });
  return (
    <form
      style={{ maxWidth: 760 }}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(value);
      }}
    >
      <Fieldset variant="unstyled" disabled={readOnly}>
        <Stack>
          {save.isError && <Fault fault={save.error} />}
          <Radio.Group label={t('codes.kind')} value={value.code_kind} onChange={(chosen) => set({ code_kind: KINDS.find((kind) => kind === chosen) ?? 'static' })}>
            <Stack gap="xs" mt="xs">
              {KINDS.map((kind) => (
                <Radio key={kind} value={kind} label={t(`codes.${kind}`)} description={t(`codes.${kind}Hint`)} />
              ))}
            </Stack>
          </Radio.Group>
          {value.code_kind !== 'static' && (
            <Select
              label={t('codes.copies')}
              description={t('codes.copiesHint')}
              allowDeselect={false}
              data={COPIES.map((may) => ({ value: may, label: t(`codes.${may}`) }))}
              value={value.copies_may}
              onChange={(chosen) => set({ copies_may: COPIES.find((may) => may === chosen) ?? 'everything' })}
            />
          )}
          {value.code_kind === 'rotating' && (
            <Switch
              label={t('codes.single')}
              description={t('codes.singleHint')}
              checked={value.single_use}
              onChange={({ currentTarget: { checked } }) => set({ single_use: checked })}
            />
          )}
        </Stack>
      </Fieldset>
      {!readOnly && <SaveBar isDirty={isDirty} pending={save.isPending} onDiscard={() => replace(rule)} />}
    </form>
  );
}
