// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Text } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './OrderedList.module.css';

interface Props<T> {
  items: readonly T[];
  idOf: (item: T) => string;
  nameOf: (item: T) => string;
  onChange: (items: T[]) => void;
  /** Behind the name. */
  note?: (item: T) => ReactNode;
  /** What else belongs to an item, in front of its buttons. */
  field?: (item: T, index: number) => ReactNode;
  /** Test ids are this and `-NUMBER`, `-out-NUMBER`. */
  testId: string;
}

/** Items whose order counts: each can be moved up and down, and taken out. */
export function OrderedList<T>({ items, idOf, nameOf, onChange, note, field, testId }: Props<T>) {
  const { t } = useTranslation();
  const ids = items.map(idOf);
  // One that is there several times is told apart by which of them it is: what moves keeps the focus on its button.
  const keyOf = (index: number) =>
    `${ids[index]} ${ids.slice(0, index).filter((one) => one === ids[index]).length}`;

  function move(from: number, to: number) {
    const moved = [...items];
    moved.splice(to, 0, ...moved.splice(from, 1));
    onChange(moved);
  }

  return (
    <ol className={classes.list}>
      {items.map((item, index) => {
        const name = nameOf(item);
        return (
          <li key={keyOf(index)} className={classes.line} data-testid={`${testId}-${index}`}>
            <Text size="sm" className={classes.name}>
              {index + 1}. {name}
              {note?.(item)}
            </Text>
            {field?.(item, index)}
            <ActionIcon
              aria-label={t('order.up', { name })}
              disabled={index === 0}
              onClick={() => move(index, index - 1)}
            >
              <IconArrowUp size={16} />
            </ActionIcon>
            <ActionIcon
              aria-label={t('order.down', { name })}
              disabled={index === items.length - 1}
              onClick={() => move(index, index + 1)}
            >
              <IconArrowDown size={16} />
            </ActionIcon>
            <ActionIcon
              aria-label={t('order.remove', { name })}
              onClick={() => onChange(items.filter((_, other) => other !== index))}
              data-testid={`${testId}-out-${index}`}
            >
              <IconX size={16} />
            </ActionIcon>
          </li>
        );
      })}
    </ol>
  );
}
