import { Box, Grid } from '@mantine/core';
import type { ReactNode } from 'react';

interface BesideProps {
  readonly children: ReactNode;
  readonly aside: ReactNode;
}

/** A form with what it does beside it, which stays in sight; below it on narrow screens. */
export function Beside({ children, aside }: BesideProps) {
  return (
    <Grid gap="lg">
      <Grid.Col span={{ base: 12, lg: 7 }}>{children}</Grid.Col>
      <Grid.Col span={{ base: 12, lg: 5 }}>
        <Box pos="sticky" top={72}>
          {aside}
        </Box>
      </Grid.Col>
    </Grid>
  );
}
