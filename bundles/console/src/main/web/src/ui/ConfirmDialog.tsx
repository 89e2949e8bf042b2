// SPDX-License-Identifier: Apache-2.0
import { Modal, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { DialogActions } from './DialogActions';
import { toast } from './toast';

/** What a mutation of TanStack Query offers here. */
interface Task<V> {
  mutate: (value: V, on: { onSuccess: () => void }) => void;
  isPending: boolean;
  error: Error | null;
}

interface Props<V> {
  title: string;
  /** What it means when it is done. */
  text: string;
  /** The word on the button. */
  action: string;
  /** Cannot be taken back. */
  danger?: boolean;
  /** What is done leads to something that is told once: nobody leaves before it is there. */
  toldOnce?: boolean;
  /** What else is to be decided is not yet. */
  disabled?: boolean;
  task: Task<V>;
  value: V;
  /** Said when it is done. */
  done: string;
  /** Test ids are this and `-confirm`, `-problem`. */
  testId: string;
  onClose: () => void;
  /** What else is to be decided. */
  children?: ReactNode;
}

/** Asks before something is done; stays open and says why when the server refuses. */
export function ConfirmDialog<V>(props: Props<V>) {
  const { title, text, action, danger, toldOnce, disabled, task, value, done, testId, onClose, children } =
    props;
  const { t } = useTranslation();
  const close = () => !(toldOnce && task.isPending) && onClose();
  return (
    <Modal
      opened
      onClose={close}
      title={title}
      closeButtonProps={{ 'aria-label': t('common.close') }}
      role="alertdialog"
    >
      <Stack gap="sm">
        <Text size="sm">{text}</Text>
        {children}
        <DialogActions
          action={action}
          testId={testId}
          verb="confirm"
          danger={danger}
          toldOnce={toldOnce}
          disabled={disabled}
          busy={task.isPending}
          error={task.error}
          onCancel={close}
          onAction={() =>
            task.mutate(value, {
              onSuccess: () => {
                toast(done);
                onClose();
              },
            })
          }
        />
      </Stack>
    </Modal>
  );
}
