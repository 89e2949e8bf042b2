// SPDX-License-Identifier: Apache-2.0
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

interface Props {
  title: string;
  /** What it is for, and that it is not shown again. */
  text: string;
  label: string;
  secret: string;
  /** Test ids are this and `-secret`, `-copy`, `-kept`. */
  testId: string;
  onKept: () => void;
}

/** Shows what is told once. A click beside it or Escape does not close it: it would be lost. */
export function SecretDialog({ title, text, label, secret, testId, onKept }: Props) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState<boolean>();
  const field = useRef<HTMLInputElement>(null);

  async function copy() {
    try {
      await navigator.clipboard.writeText(secret);
      setCopied(true);
    } catch {
      // Browsers give the clipboard to secure pages only; what is selected is copied by hand.
      field.current?.select();
      setCopied(false);
    }
  }

  return (
    <Modal
      opened
      onClose={onKept}
      title={title}
      size="lg"
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      <Stack gap="sm">
        <Text size="sm">{text}</Text>
        <TextInput
          ref={field}
          label={label}
          readOnly
          value={secret}
          onFocus={(event) => event.currentTarget.select()}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          data-autofocus
          data-testid={`${testId}-secret`}
        />
        <Text size="xs" c="dimmed" role="status">
          {copied === false && t('secret.byHand')}
          {copied && t('secret.copied')}
        </Text>
        <Group justify="flex-end" gap="sm">
          <Button
            variant="default"
            leftSection={copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
            onClick={() => void copy()}
            data-testid={`${testId}-copy`}
          >
            {t('secret.copy')}
          </Button>
          <Button onClick={onKept} data-testid={`${testId}-kept`}>
            {t('secret.kept')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
