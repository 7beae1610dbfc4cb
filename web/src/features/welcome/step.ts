import type { ComponentType } from 'react';

import type { Schemas } from '@/lib/api';

import type { Change, Draft } from './model/draft';

export const STEPS = ['shop', 'program', 'card', 'phone', 'poster'] as const;
export type StepName = (typeof STEPS)[number];

export interface StepProps {
  readonly organization: Schemas['OrganizationOut'];
  readonly draft: Draft;
  readonly change: Change;
  readonly go: (step: StepName) => void;
}

/** The designer's own drawing of both wallets, handed in by the application. */
export type CardPreview = ComponentType<{
  readonly content: Schemas['TemplateContent'];
  readonly pictures?: Readonly<Record<string, string>>;
  readonly known?: Readonly<Record<string, string>>;
}>;
