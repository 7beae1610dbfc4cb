import { useEffect, useRef } from 'react';
import { NavLink, useLocation } from 'react-router';

import styles from './SectionNav.module.css';

interface SectionNavProps {
  readonly label: string;
  readonly sections: readonly { readonly to: string; readonly label: string; readonly end?: boolean }[];
}

/** The sections of a page, each with an address of its own; the one that is open is always in sight. */
export function SectionNav({ label, sections }: SectionNavProps) {
  const list = useRef<HTMLUListElement>(null);
  const { pathname } = useLocation();
  useEffect(() => {
    list.current?.querySelector('[aria-current]')?.scrollIntoView({ inline: 'center', block: 'nearest' });
  }, [pathname]);
  return (
    <nav aria-label={label}>
      <ul className={styles.list} ref={list}>
        {sections.map(({ to, label: text, end = false }) => (
          <li key={to}>
            <NavLink to={to} end={end} className={styles.link ?? ''}>
              {text}
            </NavLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}
