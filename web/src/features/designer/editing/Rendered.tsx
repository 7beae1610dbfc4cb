import { Text } from '@mantine/core';
import { type ReactNode, createContext, use, useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import type { Design } from '../model/design';
import type { Facts } from '../model/facts';
import { isDynamic, rendered } from '../model/liquid';
import { useFacts } from '../useSamples';

const context = createContext<{ readonly facts: Facts; readonly language: string } | null>(null);

interface SampleProviderProps {
  readonly design: Design;
  readonly sample: string;
  readonly children: ReactNode;
}

/** With whose facts texts are read out below their inputs. */
export function SampleProvider({ design, sample, children }: SampleProviderProps) {
  const facts = useFacts(design, sample);
  const { language } = design;
  const value = useMemo(() => facts && { facts, language }, [facts, language]);
  return <context.Provider value={value}>{children}</context.Provider>;
}

/** A text with placeholders as the sample customer reads it, so that nobody has to read the placeholders. */
export function Rendered({ source, language }: { readonly source: string; readonly language: string | undefined }) {
  const { t } = useTranslation('designer');
  const sample = use(context);
  if (!sample || !isDynamic(source)) return null;
  const text = rendered(source, sample.facts, language ?? sample.language);
  return (
    <Text size="xs" c="dimmed" mt={4} style={{ overflowWrap: 'anywhere' }}>
      {text === '' ? (
        t('placeholder.readsNothing')
      ) : (
        <>
          {t('placeholder.reads')} <bdi lang={language}>{text}</bdi>
        </>
      )}
    </Text>
  );
}
