// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Badge, Button, Group, Paper, Progress, Text, Tooltip } from '@mantine/core';
import { IconDownload, IconLock, IconTrash, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { type Export, isOpen } from '../../api/exports';
import { wordFor } from '../../i18n';
import { bytes } from '../../ui/bytes';
import { dateTime, duration, rangeText } from '../../ui/time';
import { BroughtTargets } from '../extensions/BroughtTargets';
import { togetherAddress } from '../together/address';
import classes from './ExportCard.module.css';

const COLORS: Record<string, string> = { running: 'blue', done: 'teal', failed: 'red' };
const NAMED_MAX = 3;

interface Props {
  item: Export;
  /** Of a camera, if it is known. */
  nameOf: (cameraId: string) => string | undefined;
  /** Whether the user may take it back. */
  removable: boolean;
  onRemove: (item: Export) => void;
  /** It is to be taken away with a password. */
  onLock: (item: Export) => void;
}

/** One export: what is in it, how far it is, and what can be done with it. */
export function ExportCard({ item, nameOf, removable, onRemove, onLock }: Props) {
  const { t } = useTranslation();
  const from = Date.parse(item.from);
  const to = Date.parse(item.to);
  const names = item.cameraIds.slice(0, NAMED_MAX).map((id) => nameOf(id) ?? t('exports.unknownCamera'));
  const more = item.cameraIds.length - names.length;
  const title = names.join(', ') + (more > 0 ? ` ${t('exports.more', { count: more })}` : '');
  const takeBack = t(isOpen(item) ? 'exports.cancel' : 'exports.remove');
  return (
    <Paper
      component="li"
      withBorder
      radius="md"
      p="md"
      className={classes.card}
      data-testid={`export-${item.id}`}
      data-state={item.state}
    >
      <div className={classes.what}>
        <Group gap="xs">
          <Text size="sm" fw={600} className={classes.long}>
            {title}
          </Text>
          <Badge size="sm" variant="light" color={COLORS[item.state] ?? 'gray'}>
            {wordFor('exports.states', item.state)}
          </Badge>
        </Group>
        <Text size="sm">
          {rangeText(from, to)} ({duration(to - from)})
        </Text>
        {item.reason && (
          <Text size="sm" className={classes.long}>
            {item.reason}
          </Text>
        )}
        <Text size="xs" c="dimmed">
          {t('exports.by', { name: item.createdBy, time: dateTime(Date.parse(item.created)) })} ·{' '}
          {t(`exports.forms.${item.form}`)} · {t(`exports.streams.${item.stream}`)}
          {item.cut === 'exact' && ` · ${t('exports.cuts.exact')}`}
          {!item.sound && ` · ${t('exports.silentShort')}`}
          {item.overlay && ` · ${t('exports.overlayShort')}`}
          {item.masks && ` · ${t('exports.masksShort', { count: item.masks.length })}`}
        </Text>
        <HowFar item={item} title={title} />
      </div>
      <Group gap="xs" wrap="nowrap" className={classes.actions}>
        {item.url && (
          <Button
            component="a"
            href={item.url}
            download
            size="xs"
            leftSection={<IconDownload size={16} />}
            data-testid={`export-download-${item.id}`}
          >
            {t('exports.download')}
          </Button>
        )}
        {item.url && (
          <Tooltip label={t('exports.locked')}>
            <ActionIcon
              aria-label={`${t('exports.locked')}: ${title}`}
              onClick={() => onLock(item)}
              data-testid={`export-lock-${item.id}`}
            >
              <IconLock size={17} />
            </ActionIcon>
          </Tooltip>
        )}
        {item.url && (
          <BroughtTargets
            one={{ exportId: item.id, url: item.url, bytes: item.bytesDone, reason: item.reason ?? '' }}
            name={title}
          />
        )}
        <Button
          component={Link}
          to={togetherAddress(item.cameraIds, from)}
          size="xs"
          variant="default"
          data-testid={`export-watch-${item.id}`}
        >
          {t('exports.watch')}
        </Button>
        {removable && (
          <Tooltip label={takeBack}>
            <ActionIcon
              aria-label={`${takeBack}: ${title}`}
              onClick={() => onRemove(item)}
              data-testid={`export-remove-${item.id}`}
            >
              {isOpen(item) ? <IconX size={17} /> : <IconTrash size={17} />}
            </ActionIcon>
          </Tooltip>
        )}
      </Group>
    </Paper>
  );
}

function HowFar({ item, title }: { item: Export; title: string }) {
  const { t } = useTranslation();
  if (item.state === 'running') {
    const { bytesDone, bytesExpected, remainingSeconds } = item;
    const percent = bytesExpected > 0 ? Math.min(99, Math.floor((100 * bytesDone) / bytesExpected)) : 0;
    return (
      <>
        <Progress value={percent} mt={6} aria-label={t('exports.progress', { name: title })} />
        <Text size="xs" c="dimmed" mt={2} data-testid={`export-progress-${item.id}`}>
          {t('exports.sofar', { percent, done: bytes(bytesDone), all: bytes(bytesExpected) })}
          {remainingSeconds !== undefined &&
            ` · ${t('exports.remaining', { time: duration(remainingSeconds * 1000) })}`}
        </Text>
      </>
    );
  }
  return (
    <>
      {item.state === 'waiting' && (
        <Text size="xs" c="dimmed">
          {t('exports.expected', { size: bytes(item.bytesExpected) })}
          {item.queuePosition !== undefined && ` · ${t('exports.queue', { position: item.queuePosition })}`}
        </Text>
      )}
      {item.state === 'done' && (
        <Text size="xs" c="dimmed">
          {bytes(item.bytesDone)}
          {item.expires && ` · ${t('exports.expires', { time: dateTime(Date.parse(item.expires)) })}`}
        </Text>
      )}
      {item.detail && (
        <Text
          size="sm"
          c={item.state === 'failed' ? 'var(--mantine-color-error)' : undefined}
          className={classes.long}
          lang="en"
        >
          {item.detail}
        </Text>
      )}
    </>
  );
}
