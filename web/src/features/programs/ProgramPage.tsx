import { Badge, Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Navigate, Route, Routes, useParams } from 'react-router';

import { useMay } from '@/lib/session';
import { BackLink } from '@/ui/BackLink';
import { Loaded } from '@/ui/Loaded';
import { Page } from '@/ui/Page';
import { SectionNav } from '@/ui/SectionNav';

import { STATE_COLOURS } from './ProgramList';
import { CommunityPanel } from './community/CommunityPanel';
import { OverviewPanel } from './overview/OverviewPanel';
import { StateActions } from './overview/StateActions';
import { type Program, useProgram } from './requests';
import { RulesPanel } from './rules/RulesPanel';
import { type Panel, type Panels, type Section, sectionsOf } from './sections';
import { SpendingPanel } from './spending/SpendingPanel';
import { TermPanel } from './term/TermPanel';
import { UnitsPanel } from './units/UnitsPanel';

const OWN: Omit<Record<Section, Panel>, keyof Panels> = {
  overview: OverviewPanel,
  units: UnitsPanel,
  rules: RulesPanel,
  term: TermPanel,
  community: CommunityPanel,
  spending: SpendingPanel,
};

/** One programme, section by section. */
export function ProgramPage({ panels }: { readonly panels: Panels }) {
  const { id = '' } = useParams();
  return <Loaded query={useProgram(id)}>{(program) => <Opened program={program} panels={{ ...OWN, ...panels }} />}</Loaded>;
}

function Opened({ program, panels }: { readonly program: Program; readonly panels: Record<Section, Panel> }) {
  const { t } = useTranslation('programs');
  const may = useMay();
  const sections = sectionsOf(program);
  const title = (
    <Group gap="xs">
      <Badge variant="light" tt="none">{t(`kind.${program.kind}`)}</Badge>
      <Badge color={STATE_COLOURS[program.state]} variant="light" tt="none">{t(`state.${program.state}`)}</Badge>
      {may('programs:write') && <StateActions program={program} />}
    </Group>
  );
  return (
    <>
      <BackLink to="/programs" label={t('title')} />
      <Page title={program.name} actions={title}>
        <SectionNav label={program.name} sections={sections.map((section) => ({ to: `/programs/${program.id}/${section}`, label: t(`section.${section}`) }))} />
        <Routes>
          <Route index element={<Navigate to="overview" replace />} />
          {sections.map((section) => {
            const Shown = panels[section];
            return <Route key={section} path={`${section}/*`} element={<Shown program={program} />} />;
          })}
        </Routes>
      </Page>
    </>
  );
}
