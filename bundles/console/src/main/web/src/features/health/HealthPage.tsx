// SPDX-License-Identifier: Apache-2.0
import { Alert, Badge, Group, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconHelpCircle } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useCameras, useHealth } from '../../api/queries';
import type { HealthPart } from '../../api/types';
import { wordFor } from '../../i18n';
import { Guarded } from '../../ui/PageFrame';
import { useMay } from '../../ui/permissions';
import { problemText } from '../../ui/problemText';
import { healthSentence } from '../../ui/serverText';
import { duration } from '../../ui/time';
import { namesOf, withNames } from '../audit/names';
import { HealthCards } from '../extensions/HealthCards';
import { CamerasHealth } from './CamerasHealth';
import { figureText } from './figures';
import classes from './HealthPage.module.css';
import { SupportBundle } from './SupportBundle';

const LOOK: Record<string, { colour: string; icon: typeof IconCircleCheck }> = {
  up: { colour: 'teal', icon: IconCircleCheck },
  degraded: { colour: 'yellow', icon: IconAlertTriangle },
  down: { colour: 'red', icon: IconCircleX },
};
const UNKNOWN = { colour: 'gray', icon: IconHelpCircle };
const WORST_FIRST = ['down', 'degraded', 'up'];

/** How the server and its parts are. */
export function HealthPage() {
  return (
    <Guarded by="view_health" testId="health">
      <HealthOfServer />
    </Guarded>
  );
}

function HealthOfServer() {
  const { t } = useTranslation();
  const health = useHealth();
  const mayTakeAll = useMay('make_backups');
  const data = health.data;
  if (!data) {
    return health.error ? (
      <Alert color="red" m="lg" variant="light">
        {problemText(health.error)}
      </Alert>
    ) : null;
  }
  const parts = data.parts.toSorted(
    (a, b) => WORST_FIRST.indexOf(a.status) - WORST_FIRST.indexOf(b.status) || a.name.localeCompare(b.name),
  );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls and has nothing else in it that takes the focus
    <section className={classes.page} tabIndex={0} aria-label={t('nav.health')}>
      <Group gap="sm" align="center">
        <Title order={1} size="h3">
          {data.serverName ?? t('health.title')}
        </Title>
        <Badge color={(LOOK[data.status] ?? UNKNOWN).colour} variant="light" data-testid="health-status">
          {wordFor('health.status', data.status)}
        </Badge>
        {!data.ready && (
          <Badge color="red" variant="light">
            {t('health.notReady')}
          </Badge>
        )}
      </Group>
      <Text size="sm" c="dimmed" mt={4}>
        {t('health.version', { version: data.version })}
        {data.uptimeSeconds !== undefined &&
          ` · ${t('health.uptime', { time: duration(data.uptimeSeconds * 1000) })}`}
      </Text>
      {mayTakeAll && <SupportBundle />}
      <div className={classes.grid}>
        {parts.map((part) => (
          <Part key={part.name} part={part} />
        ))}
        <HealthCards className={classes.part} />
      </div>
      <CamerasHealth />
    </section>
  );
}

function Part({ part }: { part: HealthPart }) {
  const look = LOOK[part.status] ?? UNKNOWN;
  const Icon = look.icon;
  const cameras = useCameras().data;
  const names = useMemo(() => namesOf(cameras ?? [], []), [cameras]);
  // Streams are told by their cameras' ids.
  const detail = withNames(healthSentence(part) ?? '', names);
  const figures = Object.entries(part.figures ?? {});
  return (
    <section className={classes.part} data-testid={`health-part-${part.name}`}>
      <Group gap={8} wrap="nowrap">
        <Icon
          size={18}
          color={`var(--mantine-color-${look.colour}-5)`}
          aria-hidden="true"
          className={classes.icon}
        />
        <Text fw={600} size="sm" className={classes.name}>
          {wordFor('health.part', part.name)}
        </Text>
        <Text size="xs" c="dimmed" ms="auto" className={classes.status}>
          {wordFor('health.status', part.status)}
        </Text>
      </Group>
      {detail && (
        <Text size="xs" mt={6} title={part.detail}>
          {detail}
        </Text>
      )}
      {figures.length > 0 && (
        <dl className={classes.figures}>
          {figures.map(([name, value]) => (
            <div key={name}>
              <dt>{figureText.label(name)}</dt>
              <dd>{figureText.value(name, value)}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}
