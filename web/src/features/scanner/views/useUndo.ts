import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { undo } from '../counter/undoing';
import { signal } from '../input/sounds';
import type { Entry } from '../offline/database';
import { announceChange } from '../till/changes';
import { useTill } from '../till/context';
import { isUnreachable } from '../till/network';

export interface Undoing {
  readonly busy: boolean;
  readonly problem: string | null;
  readonly takeBack: (entry: Entry) => void;
}

/** Taking back, with what is heard of it and why it was refused. */
export function useUndo(): Undoing {
  const { t } = useTranslation('scanner');
  const { counter } = useTill();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  async function run(entry: Entry): Promise<void> {
    setBusy(true);
    setProblem(null);
    try {
      await undo(counter, entry);
      signal('undone');
    } catch (fault) {
      signal('refused');
      setProblem(isUnreachable(fault) ? t('offline.unsure') : fault instanceof Error ? fault.message : String(fault));
    } finally {
      setBusy(false);
      announceChange();
    }
  }

  return { busy, problem, takeBack: (entry) => void run(entry) };
}
