// SPDX-License-Identifier: Apache-2.0
import { Radio, Stack, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useHealth } from '../../api/queries';
import { browserZone, type Clocks, chooseClocks, clocks, serverZone } from '../../ui/zone';

/** By whose clocks times are shown and typed in this browser. */
export function ClockSettings() {
  const { t } = useTranslation();
  const health = useHealth();
  const server = health.data ? serverZone() : undefined;
  return (
    <section aria-labelledby="clocks-title">
      <Title order={2} size="h4" id="clocks-title" mb="xs">
        {t('clocks.title')}
      </Title>
      <Radio.Group
        value={clocks()}
        onChange={(value) => chooseClocks(value as Clocks)}
        aria-labelledby="clocks-title"
        description={t('clocks.explained')}
      >
        <Stack gap="xs" mt="xs">
          <Radio
            value="browser"
            label={t('clocks.browser', { zone: browserZone() })}
            data-testid="clocks-browser"
          />
          <Radio
            value="server"
            disabled={server === undefined}
            label={server ? t('clocks.server', { zone: server }) : t('clocks.unknown')}
            data-testid="clocks-server"
          />
        </Stack>
      </Radio.Group>
    </section>
  );
}
