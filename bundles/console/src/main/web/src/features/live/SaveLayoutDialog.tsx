// SPDX-License-Identifier: Apache-2.0
import { Modal, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DialogActions } from '../../ui/DialogActions';
import { NAME_MAX, useLayouts } from './useLayouts';

/** Keeps the wall under a name. */
export function SaveLayoutDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const layouts = useLayouts((state) => state.layouts);
  const [text, setText] = useState('');
  const name = text.trim();
  const taken = layouts.some((one) => one.name === name);

  function submit(event: FormEvent) {
    event.preventDefault();
    useLayouts.getState().save(name);
    onClose();
  }

  return (
    <Modal
      opened
      onClose={onClose}
      title={t('layouts.new')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form onSubmit={submit} data-testid="layout-form">
        <TextInput
          label={t('layouts.name')}
          maxLength={NAME_MAX}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          data-autofocus
          data-testid="layout-name"
        />
        {taken && (
          <Text size="xs" mt={4} role="status">
            {t('layouts.taken')}
          </Text>
        )}
        <DialogActions
          action={t('common.save')}
          testId="layout"
          busy={false}
          disabled={name === ''}
          onCancel={onClose}
        />
      </form>
    </Modal>
  );
}
