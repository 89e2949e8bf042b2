// SPDX-License-Identifier: Apache-2.0
import { Alert, Text } from '@mantine/core';
import i18next from 'i18next';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../../api/problem';
import { problemText } from '../../ui/problemText';

/** Why the server did not take a plugin: which of its checks, what of the file is to blame, and its own sentence. */
export function Refusal({ error }: { error: Error }) {
  const { t } = useTranslation();
  const kind =
    error instanceof ApiProblem && error.kind.startsWith('plugin-') ? error.kind.slice(7) : undefined;
  if (!(error instanceof ApiProblem) || !kind) {
    return (
      <Alert color="red" variant="light" role="alert" data-testid="plugin-problem">
        {problemText(error)}
      </Alert>
    );
  }
  const meaning = `pluginRefusal.${kind}`;
  const field = error.errors[0]?.field;
  return (
    <Alert
      color="red"
      variant="light"
      role="alert"
      title={t('plugins.refused')}
      data-testid="plugin-problem"
      data-kind={kind}
    >
      {i18next.exists(meaning) && <Text size="sm">{t(`pluginRefusal.${kind}`)}</Text>}
      {field && (
        <Text size="sm" mt={6}>
          {t('plugins.refusedAt')} <code>{field}</code>
        </Text>
      )}
      <Text size="sm" mt={6} lang="en">
        {error.detail}
      </Text>
      <Text size="xs" mt={8} c="dimmed">
        {t('plugins.nothingChanged')}
      </Text>
    </Alert>
  );
}
