// SPDX-License-Identifier: Apache-2.0
import { Alert, Button, Group, Progress, Text } from '@mantine/core';
import { IconFileZip } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { supportBundle } from '../../api/support';
import { bytes } from '../../ui/bytes';
import { saveFile } from '../../ui/download';
import { problemText } from '../../ui/problemText';
import classes from './HealthPage.module.css';

type Made = { of: 'nothing' } | { of: 'some'; bytes: number } | { of: 'all'; name: string; bytes: number };

/** Fetches the support bundle and saves it. It says how much has come: how much there will be the server does not know either. */
export function SupportBundle() {
  const { t } = useTranslation();
  const [made, setMade] = useState<Made>({ of: 'nothing' });
  const [error, setError] = useState<unknown>();
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);

  const make = async () => {
    const attempt = new AbortController();
    running.current = attempt;
    setError(undefined);
    setMade({ of: 'some', bytes: 0 });
    try {
      const { blob, name } = await supportBundle(
        (count) => setMade({ of: 'some', bytes: count }),
        attempt.signal,
      );
      saveFile(blob, name);
      setMade({ of: 'all', name, bytes: blob.size });
    } catch (failure) {
      setMade({ of: 'nothing' });
      setError(attempt.signal.aborted ? undefined : failure);
    }
  };

  return (
    <section className={classes.support} data-testid="support-bundle">
      <Group gap="sm" align="center">
        <Button
          variant="default"
          size="xs"
          leftSection={<IconFileZip size={16} aria-hidden="true" />}
          loading={made.of === 'some'}
          onClick={make}
          data-testid="support-bundle-make"
        >
          {t('health.support.make')}
        </Button>
        {made.of === 'some' && (
          <Button
            variant="subtle"
            size="xs"
            onClick={() => running.current?.abort()}
            data-testid="support-bundle-cancel"
          >
            {t('common.cancel')}
          </Button>
        )}
        <Text size="xs" role="status" data-testid="support-bundle-state">
          {made.of === 'some' && t('health.support.coming', { size: bytes(made.bytes) })}
          {made.of === 'all' && t('health.support.saved', { name: made.name, size: bytes(made.bytes) })}
        </Text>
      </Group>
      {made.of === 'some' && (
        <Progress value={100} striped animated size="xs" mt={8} aria-label={t('health.support.make')} />
      )}
      {error !== undefined && (
        <Alert color="red" variant="light" mt={8}>
          {problemText(error)}
        </Alert>
      )}
      <Text size="xs" c="dimmed" mt={6}>
        {t('health.support.hint')}
      </Text>
    </section>
  );
}
