// SPDX-License-Identifier: Apache-2.0
import { Box, Button, Group, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useEventKinds } from '../../api/events';
import { useCameras } from '../../api/queries';
import { weekdayName } from '../../ui/time';
import { kindText } from '../events/kindText';
import { QuietHoursDialog } from './QuietHoursDialog';
import { clockOf, type QuietHours, RULES_MAX, useQuietHours } from './quiet';

const EVERY_DAY = 7;

/** When sounds and notifications of events are left out: what there is, one more, another, none. */
export function QuietHoursList() {
  const { t } = useTranslation();
  const { rules, set } = useQuietHours();
  const [edited, setEdited] = useState<QuietHours | 'new'>();
  const cameras = useCameras().data ?? [];
  const kinds = useEventKinds().data ?? [];

  function textOf({ days, cameras: of, kinds: what, evenCritical }: QuietHours): string {
    const names = of.map((id) => cameras.find((one) => one.id === id)?.name ?? t('quiet.unknownCamera'));
    return [
      days.length === EVERY_DAY ? t('quiet.everyDay') : days.toSorted().map(weekdayName).join(', '),
      of.length === 0 ? t('events.allCameras') : names.join(', '),
      what.length === 0 ? t('events.allKinds') : what.map((kind) => kindText(kind, kinds)).join(', '),
      t(evenCritical ? 'quiet.evenCritical' : 'quiet.notCritical'),
    ].join(' · ');
  }

  return (
    <section data-testid="quiet">
      <Title order={3} size="h5" mt="lg" mb={4}>
        {t('quiet.title')}
      </Title>
      <Text size="sm" maw={560} mb="sm">
        {t('quiet.explained')}
      </Text>
      <Stack gap="xs" maw={640}>
        {rules.map((rule) => (
          <Group key={rule.id} justify="flex-end" gap="xs" align="flex-start" data-testid="quiet-line">
            <Box flex="1 1 240px" miw={0} style={{ overflowWrap: 'anywhere' }}>
              <Text size="sm" fw={500}>
                <bdi dir="ltr">
                  {clockOf(rule.from)}–{clockOf(rule.to)}
                </bdi>
                {rule.to <= rule.from && rule.to > 0 ? ` ${t('quiet.nextDay')}` : ''}
              </Text>
              <Text size="xs" c="dimmed">
                {textOf(rule)}
              </Text>
            </Box>
            <Group gap="xs" wrap="nowrap">
              <Button
                size="compact-xs"
                variant="default"
                onClick={() => setEdited(rule)}
                data-testid="quiet-edit"
              >
                {t('bookmarks.edit')}
              </Button>
              <Button
                size="compact-xs"
                variant="default"
                onClick={() => set(rules.filter(({ id }) => id !== rule.id))}
                data-testid="quiet-remove"
              >
                {t('bookmarks.remove')}
              </Button>
            </Group>
          </Group>
        ))}
      </Stack>
      {rules.length < RULES_MAX && (
        <Button mt="sm" size="xs" variant="default" onClick={() => setEdited('new')} data-testid="quiet-add">
          {t('quiet.add')}
        </Button>
      )}
      {edited && (
        <QuietHoursDialog
          rule={edited === 'new' ? undefined : edited}
          cameras={cameras}
          kinds={kinds}
          onSave={(rule) => {
            const there = rules.some(({ id }) => id === rule.id);
            set(there ? rules.map((one) => (one.id === rule.id ? rule : one)) : [...rules, rule]);
            setEdited(undefined);
          }}
          onClose={() => setEdited(undefined)}
        />
      )}
    </section>
  );
}
