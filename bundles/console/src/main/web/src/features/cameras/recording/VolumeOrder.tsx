// SPDX-License-Identifier: Apache-2.0
import { Input, Select, Text } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import { useTranslation } from 'react-i18next';
import { OrderedList } from '../../../ui/OrderedList';
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
          <OrderedList
            items={value}
            idOf={(name) => name}
            nameOf={(name) => name}
            note={(name) =>
              known &&
              !known.includes(name) && (
                <Text span size="xs" c="dimmed">
                  {` ${t('volumeOrder.unknown')}`}
                </Text>
              )
            }
            onChange={onChange}
            testId={`camera-${field}`}
          />
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
