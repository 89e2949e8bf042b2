// SPDX-License-Identifier: Apache-2.0
import { Alert, Button, Switch, Table, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../ui/permissions';
import { SEVERITIES, type Severity, useAlertSettings, type Way } from './alertSettings';
import { askDesktop, type Desktop, desktopState } from './desktop';
import { QuietHoursList } from './QuietHoursList';
import { openSound, play } from './sound';

const WAYS: readonly Way[] = ['sound', 'desktop', 'wall'];

/** How this browser tells of events. What a browser asks its user for is asked for by the switch that needs it. */
export function AlertSettings() {
  const { t } = useTranslation();
  const { ways, set, repeat, setRepeat } = useAlertSettings();
  const [desktop, setDesktop] = useState<Desktop>(desktopState);
  const [silent, setSilent] = useState(false);
  const mayHear = useMay('view_events');

  async function choose(severity: Severity, way: Way, on: boolean) {
    if (on && way === 'sound') {
      const heard = await openSound();
      setSilent(!heard);
      play(severity);
    }
    if (on && way === 'desktop') {
      const state = await askDesktop();
      setDesktop(state);
      if (state !== 'granted') {
        return;
      }
    }
    set(severity, way, on);
  }

  return (
    <section data-testid="alerts">
      <Title order={2} size="h4" mb="xs">
        {t('alerts.title')}
      </Title>
      <Text size="sm" maw={560} mb="sm">
        {t('alerts.explained')}
      </Text>
      <Table withRowBorders={false} verticalSpacing={6} horizontalSpacing={4} maw={480}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('events.severity')}</Table.Th>
            {WAYS.map((way) => (
              <Table.Th key={way}>{t(`alerts.way.${way}`)}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {SEVERITIES.toReversed().map((severity) => (
            <Table.Tr key={severity}>
              <Table.Td>{t(`events.severityWord.${severity}`)}</Table.Td>
              {WAYS.map((way) => (
                <Table.Td key={way}>
                  <Switch
                    size="sm"
                    aria-label={`${t(`alerts.way.${way}`)}: ${t(`events.severityWord.${severity}`)}`}
                    checked={ways[severity].includes(way)}
                    disabled={way === 'desktop' && (desktop === 'absent' || desktop === 'denied')}
                    onChange={(event) => void choose(severity, way, event.currentTarget.checked)}
                    data-testid={`alerts-${severity}-${way}`}
                  />
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Switch
        mt="sm"
        size="sm"
        label={t('alerts.repeat')}
        description={t('alerts.repeatHint')}
        disabled={!ways.critical.includes('sound')}
        checked={repeat}
        onChange={(event) => setRepeat(event.currentTarget.checked)}
        data-testid="alerts-repeat"
      />
      {(desktop === 'absent' || desktop === 'denied') && (
        <Alert color="yellow" variant="light" mt="sm" maw={560} role="status" data-testid="alerts-desktop">
          {t(`alerts.desktop.${desktop}`)}
        </Alert>
      )}
      {silent && (
        <Alert color="yellow" variant="light" mt="sm" maw={560} role="status" data-testid="alerts-silent">
          {t('alerts.silent')}
        </Alert>
      )}
      {SEVERITIES.some((severity) => ways[severity].includes('sound')) && (
        <Button
          mt="sm"
          size="xs"
          variant="default"
          onClick={() => void openSound().then((heard) => (heard ? play('critical') : setSilent(true)))}
          data-testid="alerts-listen"
        >
          {t('alerts.listen')}
        </Button>
      )}
      {mayHear && <QuietHoursList />}
    </section>
  );
}
