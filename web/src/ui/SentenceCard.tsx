import { Paper, Text } from '@mantine/core';

/** What a form says so far, in words; told to screen readers when it changes. */
export function SentenceCard({ label, sentence }: { readonly label: string; readonly sentence: string }) {
  return (
    <Paper withBorder p="md" component="section" aria-label={label}>
      <Text size="xs" c="dimmed" fw={600}>
        {label}
      </Text>
      <Text size="lg" fw={600} aria-live="polite" data-testid="sentence">
        {sentence}
      </Text>
    </Paper>
  );
}
