// SPDX-License-Identifier: Apache-2.0
import { TextInput } from '@mantine/core';
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { dateTimeOf, dateTimeText, steppedTime, zoneText } from '../../ui/time';
import { CLOCKS_CHANGED } from '../../ui/zone';

interface Props {
  label: string;
  /** NaN while what was typed is no moment. */
  value: number;
  onChange: (utcMs: number) => void;
  error?: string;
  testId: string;
}

/**
 * A moment to the second: 24 hours in every language, by clocks that are named. The arrow keys step the part at the caret.
 * As long as nobody changes it, the exact moment it was given stays.
 */
export function TimeField({ label, value, onChange, error, testId }: Props) {
  const { t, i18n } = useTranslation();
  const isMoment = Number.isFinite(value);
  const [text, setText] = useState(() => (isMoment ? dateTimeText(value) : ''));
  const input = useRef<HTMLInputElement>(null);
  const caret = useRef<number | undefined>(undefined);

  const given = useRef(value);
  given.current = value;
  // By other clocks it reads differently; what is no moment stays as it was typed.
  useEffect(() => {
    const reread = () => Number.isFinite(given.current) && setText(dateTimeText(given.current));
    i18n.on(CLOCKS_CHANGED, reread);
    return () => i18n.off(CLOCKS_CHANGED, reread);
  }, [i18n]);

  useLayoutEffect(() => {
    if (caret.current !== undefined) {
      input.current?.setSelectionRange(caret.current, caret.current);
      caret.current = undefined;
    }
  });

  function step(event: KeyboardEvent<HTMLInputElement>) {
    const by = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : 0;
    if (by === 0 || !isMoment) {
      return;
    }
    event.preventDefault();
    const at = event.currentTarget.selectionStart ?? text.length;
    const next = steppedTime(value, at, by);
    caret.current = at;
    setText(dateTimeText(next));
    onChange(next);
  }

  return (
    <TextInput
      ref={input}
      label={label}
      description={isMoment ? zoneText(value) : t('playback.goToHint')}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      dir="ltr"
      placeholder="2026-01-31 23:59:59"
      spellCheck={false}
      autoComplete="off"
      value={text}
      error={isMoment ? error : t('timeField.wrong')}
      onKeyDown={step}
      onChange={(event) => {
        setText(event.currentTarget.value);
        onChange(dateTimeOf(event.currentTarget.value) ?? Number.NaN);
      }}
      data-testid={testId}
    />
  );
}
