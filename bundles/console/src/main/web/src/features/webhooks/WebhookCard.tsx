// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Alert, Badge, Button, Group, Menu, Text } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useTestWebhook, type Webhook, type WebhookFilter } from '../../api/webhooks';
import { wordFor } from '../../i18n';
import { number } from '../../ui/number';
import { problemText } from '../../ui/problemText';
import { dateTime } from '../../ui/time';
import classes from './WebhooksPage.module.css';

const COLOUR: Record<string, string> = { up: 'teal', failing: 'red', misconfigured: 'red', disabled: 'gray' };

interface Props {
  webhook: Webhook;
  onOpen: (dialog: 'edit' | 'secret' | 'remove') => void;
}

/** One receiver of events: what it is told, how it fares, and whether a message arrives now. */
export function WebhookCard({ webhook, onOpen }: Props) {
  const { t } = useTranslation();
  const test = useTestWebhook();
  const { name, status, filter } = webhook;
  return (
    <section className={classes.card} aria-label={name} data-testid={`webhook-${name}`}>
      <Group gap={8} wrap="nowrap">
        <Text fw={600} truncate>
          {name}
        </Text>
        <Badge
          color={COLOUR[status?.state ?? ''] ?? 'gray'}
          variant="light"
          flex="none"
          data-testid={`webhook-state-${name}`}
          data-state={status?.state}
        >
          {wordFor('webhookState', status?.state ?? 'starting')}
        </Badge>
        <Menu position="bottom-end" shadow="md">
          <Menu.Target>
            <ActionIcon
              ms="auto"
              aria-label={t('webhooks.menu', { name })}
              data-testid={`webhook-menu-${name}`}
            >
              <IconDots size={17} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => onOpen('edit')} data-testid="webhook-edit">
              {t('webhooks.edit')}
            </Menu.Item>
            <Menu.Item onClick={() => onOpen('secret')} data-testid="webhook-new-secret">
              {t('webhooks.newSecret')}
            </Menu.Item>
            <Menu.Item color="red" onClick={() => onOpen('remove')} data-testid="webhook-remove">
              {t('webhooks.remove')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </Group>
      <Text size="xs" c="dimmed" className={classes.url}>
        {webhook.url}
      </Text>
      <Text size="xs" mt={4}>
        <Told filter={filter} />
      </Text>
      {status?.detail && (
        <Alert color={status.state === 'disabled' ? 'gray' : 'red'} variant="light" p="xs" mt="xs">
          <span lang="en" data-testid={`webhook-reason-${name}`}>
            {status.detail}
          </span>
        </Alert>
      )}
      {status && status.lost > 0 && (
        <Alert color="yellow" variant="light" p="xs" mt="xs" data-testid={`webhook-lost-${name}`}>
          {t('webhooks.lost', { count: status.lost, shown: number(status.lost) })}
        </Alert>
      )}
      {status && (
        <dl className={classes.figures}>
          <Figure name={t('webhooks.figure.delivered')} value={number(status.delivered)} />
          <Figure name={t('webhooks.figure.failures')} value={number(status.failures)} />
          <Figure name={t('webhooks.figure.waiting')} value={number(status.waiting)} />
          <Figure
            name={t('webhooks.figure.lastDelivery')}
            value={status.lastDelivery ? dateTime(Date.parse(status.lastDelivery)) : t('webhooks.never')}
          />
        </dl>
      )}
      <Group gap="sm" mt="sm" wrap="nowrap" align="flex-start">
        <Button
          size="compact-sm"
          variant="default"
          flex="none"
          loading={test.isPending}
          onClick={() => test.mutate(name)}
          aria-label={`${t('webhooks.test')}: ${name}`}
          data-testid={`webhook-test-${name}`}
        >
          {t('webhooks.test')}
        </Button>
        <Text size="xs" role="status" data-testid={`webhook-tested-${name}`} pt={4}>
          {test.error && problemText(test.error)}
          {test.data &&
            (test.data.delivered
              ? t('webhooks.tested', { status: test.data.status ?? '', ms: test.data.durationMs })
              : t('webhooks.notTested', { detail: test.data.detail }))}
        </Text>
      </Group>
    </section>
  );
}

/** What it is told of, in a line. */
function Told({ filter }: { filter: WebhookFilter }) {
  const { t } = useTranslation();
  const { kinds, cameras, severity } = filter;
  return [
    kinds.length > 0 ? t('webhooks.told.kinds', { count: kinds.length }) : t('events.allKinds'),
    cameras.length > 0 ? t('cameras.count', { count: cameras.length }) : t('events.allCameras'),
    ...(severity === 'info' ? [] : [wordFor('events.severities', severity)]),
  ].join(' · ');
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
