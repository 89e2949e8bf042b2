// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Group, TextInput, Tooltip } from '@mantine/core';
import { IconArrowRight } from '@tabler/icons-react';
import { type FormEvent, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fromLocalInput, toLocalInput } from '../../ui/time';

/** Date and time to go to; shows the present position while it is not being edited. */
export function GoTo({ position, onGo }: { position: () => number; onGo: (utcMs: number) => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState(() => toLocalInput(position()));
  const [editing, setEditing] = useState(false);
  useEffect(() => {
    if (!editing) {
      setText(toLocalInput(position()));
      const timer = setInterval(() => setText(toLocalInput(position())), 500);
      return () => clearInterval(timer);
    }
  }, [editing, position]);

  function submit(event: FormEvent) {
    event.preventDefault();
    const moment = fromLocalInput(text);
    if (moment !== undefined) {
      setEditing(false);
      onGo(moment);
    }
  }

  return (
    <form onSubmit={submit}>
      <Group gap={4} wrap="nowrap">
        <TextInput
          type="datetime-local"
          step={1}
          size="xs"
          w={200}
          aria-label={t('playback.goTo')}
          value={text}
          onFocus={() => setEditing(true)}
          onChange={(event) => {
            setEditing(true);
            setText(event.currentTarget.value);
          }}
          onBlur={(event) => {
            if (!event.currentTarget.form?.contains(event.relatedTarget)) {
              setEditing(false);
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
