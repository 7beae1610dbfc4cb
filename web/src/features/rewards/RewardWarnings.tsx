import { Text } from '@mantine/core';

import type { Reward } from './reward';

/** What is allowed and probably not meant, as the server tells it. */
export function RewardWarnings({ reward }: { readonly reward: Reward }) {
  return reward.warnings.map((warning) => (
    <Text key={warning.tier_id} size="sm" c="orange">{warning.text}</Text>
  ));
}
