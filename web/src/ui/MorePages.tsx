import { Button, Center } from '@mantine/core';
import { useTranslation } from 'react-i18next';

interface MorePagesProps {
  readonly query: { readonly hasNextPage: boolean; readonly isFetchingNextPage: boolean; readonly fetchNextPage: () => unknown };
}

/** The rest of a list, when somebody wants it. */
export function MorePages({ query }: MorePagesProps) {
  const { t } = useTranslation();
  if (!query.hasNextPage) return null;
  return (
    <Center>
      <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
        {t('more')}
      </Button>
    </Center>
  );
}
