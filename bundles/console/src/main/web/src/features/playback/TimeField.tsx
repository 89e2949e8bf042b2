// SPDX-License-Identifier: Apache-2.0
import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { fromLocalInput, toLocalInput } from '../../ui/time';

interface Props {
  label: string;
  value: number;
  onChange: (utcMs: number) => void;
  error?: string;
  testId: string;
}

/** A moment to the second. As long as nobody types, the exact moment it was given stays. */
export function TimeField({ label, value, onChange, error, testId }: Props) {
  const [text, setText] = useState(() => toLocalInput(value));
  return (
    <TextInput
      type="datetime-local"
      step={1}
      label={label}
      value={text}
      error={error}
      onChange={(event) => {
        setText(event.currentTarget.value);
        onChange(fromLocalInput(event.currentTarget.value) ?? Number.NaN);
      }}
      data-testid={testId}
    />
  );
}
