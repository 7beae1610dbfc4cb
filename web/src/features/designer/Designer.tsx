import { Alert, Button, SegmentedControl, Stack, Tabs } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { IconUsers } from '@tabler/icons-react';
import { memo, useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Problem } from '@/lib/api';
import { LeaveGuard } from '@/ui/LeaveGuard';

import { DesignerBar } from './DesignerBar';
import { type Desk, DeskProvider, type Hands, HandsProvider } from './editing/desk';
import styles from './editing/designer.module.css';
import { Findings } from './editing/Findings';
import { LanguagePanel } from './editing/LanguagePanel';
import { LanguageTabs } from './editing/LanguageTabs';
import { PANELS } from './editing/panels';
import { SampleProvider } from './editing/Rendered';
import { useEditor } from './editing/useEditor';
import { useFindings } from './editing/useFindings';
import type { Design } from './model/design';
import { isDirty } from './model/editor';
import { PreviewPane } from './preview/PreviewPane';
import { type Template, publishVersion, refreshTemplate, saveVersion, usePrograms } from './requests';
import { useImages } from './useImages';
import { usePlaceholders } from './useSamples';
import { MergeDialog } from './versions/MergeDialog';
import { PhoneDialog } from './versions/PhoneDialog';
import { PublishDialog } from './versions/PublishDialog';
import { VersionsDrawer } from './versions/VersionsDrawer';

interface DesignerProps {
  readonly template: Template;
  readonly design: Design;
  readonly base: number;
}

type Dialog = 'versions' | 'publish' | 'phone' | 'merge' | null;

/** The card designer: what is edited beside what phones will show of it. */
export function Designer({ template, design: opened, base }: DesignerProps) {
  const { t } = useTranslation('designer');
  useDocumentTitle(`${template.name} · Passerelle`);
  const client = useQueryClient();
  const { editor, change, undo, redo, markSaved, rebase } = useEditor(opened, base);
  const { design, saved } = editor;
  const [panel, setPanel] = useState<string>('fields');
  const [chosen, setLanguage] = useState(opened.language as string);
  const [shown, setShown] = useState('edit');
  const [dialog, setDialog] = useState<Dialog>(null);
  const [sample, setSample] = useState('regular');
  const [picked, setPicked] = useState<string | null>(null);
  const { findings, isChecking } = useFindings(design);
  const images = useImages(design.images);
  const placeholders = usePlaceholdersOf(template);
  const dirty = isDirty(editor);
  const language = chosen === design.language || design.translations[chosen] ? chosen : design.language;

  const isChangedElsewhere = (fault: unknown) => fault instanceof Problem && fault.code === 'template_changed';
  const onFault = (fault: unknown): boolean => {
    if (!isChangedElsewhere(fault)) return false;
    void client.invalidateQueries({ queryKey: ['template', template.id] });
    setDialog('merge');
    return true;
  };
  const keep = async (publish: boolean): Promise<number> => {
    if (!dirty && publish) await publishVersion(template.id, editor.base);
    if (!dirty) return refreshTemplate(client, template.id).then(() => editor.base);
    const kept = await saveVersion(template.id, design, editor.base, publish);
    markSaved(design, kept.version);
    await refreshTemplate(client, template.id);
    return kept.version;
  };
  const save = useMutation({
    mutationFn: () => keep(false),
    onSuccess: (version) => notifications.show({ color: 'teal', message: t('bar.saved', { version }) }),
    onError: (fault) => onFault(fault) || notifications.show({ color: 'red', message: fault.message }),
  });
  const { mutate } = save;
  const onSave = useCallback(() => mutate(), [mutate]);
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const bringBack = (then: Design, version: number, publish: boolean) => {
    change(() => then);
    setDialog(publish ? 'publish' : null);
    if (!publish) notifications.show({ message: t('versions.broughtBack', { version }) });
  };
  const hands = useMemo<Hands>(() => {
    const pick = (key: string | null) => {
      setPicked(key);
      if (key !== null) setPanel('fields');
    };
    return { change, pick, placeholders };
  }, [change, placeholders]);
  const desk = useMemo<Desk>(
    () => ({ ...hands, design, saved, findings, images, picked: panel === 'fields' ? picked : null }),
    [hands, design, saved, findings, images, picked, panel],
  );

  return (
    <HandsProvider value={hands}>
    <DeskProvider value={desk}>
    <SampleProvider design={design} sample={sample}>
      <Stack gap="md">
        <DesignerBar
          template={template}
          base={editor.base}
          canUndo={editor.past.length > 0}
          canRedo={editor.future.length > 0}
          errors={errors}
          warnings={findings.length - errors}
          isDirty={dirty}
          isChecking={isChecking}
          isSaving={save.isPending}
          onUndo={undo}
          onRedo={redo}
          onSave={onSave}
          onOpen={setDialog}
        />
        {template.latest_version > editor.base && !save.isPending && (
          <Alert color="orange" icon={<IconUsers aria-hidden />} title={t('merge.notice', { version: template.latest_version })}>
            <Button size="compact-sm" variant="light" color="orange" onClick={() => setDialog('merge')}>{t('merge.see')}</Button>
          </Alert>
        )}
        <div className={styles.switch}>
          <SegmentedControl fullWidth value={shown} onChange={setShown} data={[{ value: 'edit', label: t('bar.edit') }, { value: 'preview', label: t('bar.preview') }]} aria-label={t('bar.shown')} />
        </div>
        <div className={styles.desk} data-shown={shown}>
          <Stack gap="md" className={styles.edit}>
            <LanguageTabs language={language} onChange={setLanguage} />
            <Findings path="" />
            {language === design.language ? (
              <PanelTabs panel={panel} onPanel={setPanel} />
            ) : (
              <LanguagePanel language={language} onRemoved={() => setLanguage(design.language)} />
            )}
          </Stack>
          <div className={styles.preview}>
            <PreviewPane language={language} sample={sample} onSample={setSample} />
          </div>
        </div>
      </Stack>
      <LeaveGuard when={dirty} />
      <VersionsDrawer templateId={template.id} design={design} opened={dialog === 'versions'} onClose={() => setDialog(null)} onBringBack={bringBack} />
      {dialog === 'publish' && <PublishDialog templateId={template.id} publish={() => keep(true)} onClose={() => setDialog(null)} onFault={onFault} />}
      {dialog === 'phone' && <PhoneDialog templateId={template.id} keep={() => keep(false)} onClose={() => setDialog(null)} />}
      {dialog === 'merge' && template.latest_version > editor.base && (
        <MergeDialog
          templateId={template.id}
          latest={template.latest_version}
          base={saved}
          mine={design}
          onClose={() => setDialog(null)}
          onMerged={(merged, theirs, version) => {
            rebase(merged, theirs, version);
            setDialog(null);
          }}
        />
      )}
    </SampleProvider>
    </DeskProvider>
    </HandsProvider>
  );
}

interface PanelTabsProps {
  readonly panel: string;
  readonly onPanel: (panel: string) => void;
}

/** The parts of the editor; typing in one draws no tab again. */
const PanelTabs = memo(function PanelTabs({ panel, onPanel }: PanelTabsProps) {
  const { t } = useTranslation('designer');
  const current = PANELS.find(({ name }) => name === panel) ?? PANELS[0];
  return (
    <Tabs value={current.name} onChange={(value) => value && onPanel(value)} keepMounted={false}>
      <Tabs.List grow mb="md" className={styles.panels}>
        {PANELS.map(({ name, icon: Symbol }) => (
          <Tabs.Tab key={name} value={name} leftSection={<Symbol size={18} stroke={1.6} aria-hidden />}>{t(`panel.${name}`)}</Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value={current.name}><current.panel /></Tabs.Panel>
    </Tabs>
  );
});

/** The placeholders that cards of this kind have, with the balances of the programmes that use this design. */
function usePlaceholdersOf({ id: templateId, kind }: Pick<Template, 'id' | 'kind'>): Hands['placeholders'] {
  const known = usePlaceholders().data;
  const programs = usePrograms().data?.items;
  return useMemo(() => {
    const named = new Set(known?.map(({ name }) => name));
    const units = (programs ?? []).filter((program) => program.template_id === templateId).flatMap((program) => program.units);
    const balances = units
      .filter(({ code }) => !named.has(`balance.${code}`))
      .map(({ code }) => ({ name: `balance.${code}`, kinds: [kind], kind: 'number' as const, meaning: code, sample: '' }));
    return [...(known ?? []).filter(({ kinds }) => kinds.includes(kind)), ...balances];
  }, [known, programs, templateId, kind]);
}
