// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Group, Input, Select, Text } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconX } from '@tabler/icons-react';
import { type ReactNode, useId } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './VolumeOrder.module.css';

interface Props {
  label: string;
  description: string;
  /** Names of those that can be chosen; undefined while they are not known. */
  known?: readonly string[];
  /** What no choice means. */
  none: string;
  /** Names, the most wanted first. */
  value: readonly string[];
  onChange: (names: string[]) => void;
  error?: ReactNode;
  field: string;
}

/** Chooses volumes by name, in order of preference; a name that no volume has any more stays until it is taken out. */
export function VolumeOrder({ label, description, known, none, value, onChange, error, field }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const left = (known ?? []).filter((name) => !value.includes(name));

  function move(from: number, to: number) {
    const names = [...value];
    names.splice(to, 0, ...names.splice(from, 1));
    onChange(names);
  }

  return (
    <Input.Wrapper
      label={label}
      labelElement="div"
      labelProps={{ id }}
      description={description}
      error={error}
    >
      <fieldset aria-labelledby={id} className={classes.group} data-testid={`camera-${field}`}>
        {value.length > 0 && (
          <ol className={classes.list}>
            {value.map((name, index) => (
              <li key={name} className={classes.line} data-testid={`camera-${field}-${index}`}>
                <Text size="sm" className={classes.name}>
                  {index + 1}. {name}
                  {known && !known.includes(name) && (
                    <Text span size="xs" c="dimmed">
                      {` ${t('volumeOrder.unknown')}`}
                    </Text>
                  )}
                </Text>
                <Group gap={2} wrap="nowrap">
                  <ActionIcon
                    aria-label={t('volumeOrder.up', { name })}
                    disabled={index === 0}
                    onClick={() => move(index, index - 1)}
                  >
                    <IconArrowUp size={16} />
                  </ActionIcon>
                  <ActionIcon
                    aria-label={t('volumeOrder.down', { name })}
                    disabled={index === value.length - 1}
                    onClick={() => move(index, index + 1)}
                  >
                    <IconArrowDown size={16} />
                  </ActionIcon>
                  <ActionIcon
                    aria-label={t('volumeOrder.remove', { name })}
                    onClick={() => onChange(value.filter((other) => other !== name))}
                  >
                    <IconX size={16} />
                  </ActionIcon>
                </Group>
              </li>
            ))}
          </ol>
        )}
        <Select
          aria-label={t('volumeOrder.add', { label })}
          placeholder={value.length === 0 ? none : t('volumeOrder.next')}
          data={left}
          value={null}
          onChange={(name) => name && onChange([...value, name])}
          disabled={left.length === 0}
          data-field={field}
          data-testid={`camera-${field}-add`}
        />
      </fieldset>
    </Input.Wrapper>
  );
}
