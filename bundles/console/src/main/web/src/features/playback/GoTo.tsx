// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Group, TextInput, Tooltip } from '@mantine/core';
import { IconArrowRight } from '@tabler/icons-react';
import { type FormEvent, type RefObject, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { dateTimeOf, dateTimeText, offsetText, zoneText } from '../../ui/time';
import { FootageCalendar } from './FootageCalendar';

interface Props {
  cameraId: string;
  position: () => number;
  field: RefObject<HTMLInputElement | null>;
  onGo: (utcMs: number) => void;
}

/** Date and time to go to; shows the present position while it is not being edited. */
export function GoTo({ cameraId, position, field, onGo }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState(() => dateTimeText(position()));
  const [editing, setEditing] = useState(false);
  const [wrong, setWrong] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `t` is another one when the clocks are
  useEffect(() => {
    if (!editing) {
      setText(dateTimeText(position()));
      const timer = setInterval(() => setText(dateTimeText(position())), 500);
      return () => clearInterval(timer);
    }
  }, [editing, position, t]);

  function submit(event: FormEvent) {
    event.preventDefault();
    const moment = dateTimeOf(text);
    setWrong(moment === undefined);
    if (moment !== undefined) {
      setEditing(false);
      onGo(moment);
    }
  }

  return (
    <form onSubmit={submit}>
      <Group gap={4} wrap="nowrap">
        <FootageCalendar cameraId={cameraId} position={position} onGo={onGo} />
        <TextInput
          ref={field}
          size="xs"
          w={226}
          dir="ltr"
          placeholder="2026-01-31 23:59:59"
          title={`${t('playback.goToHint')}, ${zoneText(position())}`}
          rightSection={<span data-testid="goto-zone">{offsetText(dateTimeOf(text) ?? position())}</span>}
          rightSectionWidth={64}
          rightSectionProps={{ style: { fontSize: '0.7rem', color: 'var(--mantine-color-dimmed)' } }}
          spellCheck={false}
          autoComplete="off"
          error={wrong}
          errorProps={{ display: 'none' }}
          aria-label={t('playback.goTo')}
          value={text}
          onFocus={() => setEditing(true)}
          onChange={(event) => {
            setEditing(true);
            setWrong(false);
            setText(event.currentTarget.value);
          }}
          onBlur={(event) => {
            if (!event.currentTarget.form?.contains(event.relatedTarget)) {
              setEditing(false);
              setWrong(false);
            }
          }}
          data-testid="goto-time"
        />
        <Tooltip label={t('playback.goTo')}>
          <ActionIcon type="submit" aria-label={t('playback.go')} data-testid="goto-submit">
            <IconArrowRight size={17} />
          </ActionIcon>
        </Tooltip>
      </Group>
    </form>
  );
}
