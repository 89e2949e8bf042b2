// SPDX-License-Identifier: Apache-2.0
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import classes from './ControlPage.module.css';

interface Props {
  id: string;
  title: string;
  opened?: boolean;
  children: ReactNode;
}

/** A part that is folded away until it is wanted; only then the camera is asked for it. */
export function Section({ id, title, opened = false, children }: Props) {
  const [open, setOpen] = useState(opened);
  const Chevron = open ? IconChevronDown : IconChevronRight;
  return (
    <section className={classes.section} aria-label={title} data-testid={`control-${id}`}>
      <h2 className={classes.title}>
        <button
          type="button"
          className={classes.head}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          data-testid={`control-toggle-${id}`}
        >
          <Chevron size={15} aria-hidden="true" />
          {title}
        </button>
      </h2>
      {open && <div className={classes.inside}>{children}</div>}
    </section>
  );
}
