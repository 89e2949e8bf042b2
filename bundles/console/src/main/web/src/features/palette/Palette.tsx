// SPDX-License-Identifier: Apache-2.0
import { Modal, Text, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './Palette.module.css';
import { type Entry, useEntries } from './useEntries';

/** Opens pages, cameras, layouts and moments by what is typed. */
export function Palette({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const entries = useEntries(text);
  const active = Math.min(at, entries.length - 1);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector(`#palette-${active}`)?.scrollIntoView({ block: 'nearest' });
  }, [active]);

  const run = (entry: Entry | undefined) => {
    if (entry) {
      onClose();
      entry.run();
    }
  };

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'ArrowDown') {
      setAt(entries.length === 0 ? 0 : (active + 1) % entries.length);
    } else if (event.key === 'ArrowUp') {
      setAt(entries.length === 0 ? 0 : (active - 1 + entries.length) % entries.length);
    } else if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      run(entries[active]);
    } else {
      return;
    }
    event.preventDefault();
  }

  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      yOffset="12vh"
      centered={false}
      padding={0}
      size="lg"
    >
      <TextInput
        classNames={{ input: classes.input }}
        size="md"
        variant="unstyled"
        leftSection={<IconSearch size={18} aria-hidden="true" />}
        placeholder={t('palette.hint')}
        aria-label={t('palette.title')}
        role="combobox"
        aria-expanded
        aria-controls="palette-list"
        aria-activedescendant={entries.length > 0 ? `palette-${active}` : undefined}
        spellCheck={false}
        autoComplete="off"
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
        data-autofocus
        data-testid="palette-text"
      />
      <div
        ref={list}
        id="palette-list"
        role="listbox"
        aria-label={t('palette.title')}
        className={classes.list}
        data-testid="palette-list"
      >
        {entries.map((entry, order) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the text field has the keys
          <div
            key={entry.id}
            id={`palette-${order}`}
            role="option"
            tabIndex={-1}
            aria-selected={order === active}
            className={classes.entry}
            data-active={order === active || undefined}
            onClick={() => run(entry)}
            data-testid={`palette-${entry.id}`}
          >
            <span className={classes.label}>{entry.label}</span>
            <span className={classes.group}>{entry.group}</span>
          </div>
        ))}
      </div>
      {entries.length === 0 && (
        <Text size="sm" c="dimmed" p="md" role="status">
          {t('palette.nothing')}
        </Text>
      )}
    </Modal>
  );
}
