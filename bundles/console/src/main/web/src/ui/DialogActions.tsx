// SPDX-License-Identifier: Apache-2.0
import { Alert, Button, Group, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './DialogActions.module.css';
import { problemText } from './problemText';

interface Props {
  /** The word on the button that does it. */
  action: string;
  /** Test ids are this and `-problem`, `-VERB`. */
  testId: string;
  verb?: string;
  busy: boolean;
  /** Why it was not done: what a request threw, or a sentence. */
  error?: unknown;
  disabled?: boolean;
  /** The answer is told once: nobody leaves before it is there. The dialog's `onClose` has to hold to that too. */
  toldOnce?: boolean;
  /** Cannot be taken back. */
  danger?: boolean;
  /** The word on the other button, where leaving takes nothing back. */
  leave?: string;
  onCancel: () => void;
  /** Left out, the button sends the form it stands in. Without a form, whoever only presses Enter cancels. */
  onAction?: () => void;
  /** What else can be pressed, at the other side. */
  children?: ReactNode;
  /** Of a long form: stays in sight at the lower edge of the dialog. */
  stays?: boolean;
}

/** How a dialog ends: why it could not be done, and two buttons. */
export function DialogActions(props: Props) {
  const { action, testId, verb = 'save', busy, error, disabled, danger, onCancel, onAction } = props;
  const { t } = useTranslation();
  return (
    <Stack gap="sm" mt="xs" className={props.stays ? classes.foot : undefined}>
      {error !== undefined && error !== null && (
        <Alert
          color="red"
          variant="light"
          role="alert"
          style={{ whiteSpace: 'pre-line' }}
          data-testid={`${testId}-problem`}
        >
          {problemText(error)}
        </Alert>
      )}
      <Group justify={props.children ? 'space-between' : 'flex-end'} gap="sm">
        {props.children}
        {/* At the end of its line, whether or not that is the first. */}
        <Group gap="sm" ms="auto" justify="flex-end">
          <Button
            variant="default"
            disabled={props.toldOnce && busy}
            onClick={onCancel}
            data-autofocus={onAction && true}
          >
            {props.leave ?? t('common.cancel')}
          </Button>
          <Button
            type={onAction ? 'button' : 'submit'}
            color={danger ? 'red.9' : undefined}
            loading={busy}
            disabled={disabled}
            onClick={onAction}
            data-testid={`${testId}-${verb}`}
          >
            {action}
          </Button>
        </Group>
      </Group>
    </Stack>
  );
}
