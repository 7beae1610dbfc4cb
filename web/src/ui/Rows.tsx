import { Table } from '@mantine/core';
import type { ReactNode } from 'react';

import styles from './Rows.module.css';

export interface Column<T> {
  readonly name: string;
  readonly cell: (item: T) => ReactNode;
  /** The first thing to read: without the name of its column on narrow screens. */
  readonly leads?: boolean;
  readonly numeric?: boolean;
}

interface RowsProps<T> {
  readonly label: string;
  readonly items: readonly T[];
  readonly columns: readonly Column<T>[];
  readonly keyOf: (item: T) => string;
}

/** A table that becomes a list of blocks on a phone. */
export function Rows<T>({ label, items, columns, keyOf }: RowsProps<T>) {
  return (
    <Table className={styles.rows ?? ''} verticalSpacing="sm" aria-label={label} highlightOnHover>
      <Table.Thead>
        <Table.Tr>
          {columns.map(({ name, numeric }) => (
            <Table.Th key={name} ta={numeric ? 'end' : 'start'} scope="col">
              {name}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {items.map((item) => (
          <Table.Tr key={keyOf(item)}>
            {columns.map(({ name, cell, leads, numeric }) => (
              <Table.Td key={name} className={styles.cell ?? ''} ta={numeric ? 'end' : 'start'} {...(leads ? {} : { 'data-column': name })}>
                {cell(item)}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
