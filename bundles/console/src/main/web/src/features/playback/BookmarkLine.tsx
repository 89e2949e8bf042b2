// SPDX-License-Identifier: Apache-2.0
import { Box, Button, Group, Text } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Bookmark, useRemoveBookmark } from '../../api/bookmarks';
import { type EvidenceLock, useAddLock } from '../../api/evidence';
import { serverClock } from '../../api/serverClock';
import type { Camera } from '../../api/types';
import { problemText } from '../../ui/problemText';
import { dateTime, duration } from '../../ui/time';
import { toast } from '../../ui/toast';
import { footageOf, isProtected, rangeOf, thoseWith } from './protection';

interface Props {
  bookmark: Bookmark;
  cameras: readonly Camera[];
  /** Those the user may know of. */
  locks: readonly EvidenceLock[];
  /** Whether it is said of which cameras it is. */
  named: boolean;
  onGo: (bookmark: Bookmark) => void;
  onExport: (bookmark: Bookmark) => void;
  onEdit: (bookmark: Bookmark) => void;
  onRemoved: (bookmark: Bookmark) => void;
}

/** A bookmark, and what can be done with it and with its footage. */
export function BookmarkLine(props: Props) {
  const { bookmark, cameras, locks, named, onGo, onExport, onEdit, onRemoved } = props;
  const { t } = useTranslation();
  const [sure, setSure] = useState(false);
  const remove = useRemoveBookmark();
  const protect = useAddLock();
  const range = rangeOf(bookmark);
  const length = bookmark.to ? ` (${duration(range.to - range.from)})` : '';
  const count = bookmark.cameraIds.length;
  const lockable = thoseWith(cameras, bookmark.cameraIds, 'lock_evidence');
  const held = isProtected(locks, lockable, range);
  const error = remove.error ?? protect.error;

  function hold() {
    const { from, to } = footageOf(range, serverClock.now());
    protect.mutate(
      {
        cameraIds: lockable,
        from: new Date(from).toISOString(),
        to: new Date(to).toISOString(),
        reason: bookmark.title,
      },
      { onSuccess: () => toast(t('bookmarks.protectedNow')) },
    );
  }

  return (
    <Group justify="flex-end" gap="xs" align="flex-start" data-testid="bookmark-line">
      <Box flex="1 1 240px" miw={0} style={{ overflowWrap: 'anywhere' }}>
        <Text size="sm" fw={500}>
          {bookmark.title}
        </Text>
        <Text size="xs" c="dimmed">
          {dateTime(range.from)}
          {length}
          {bookmark.tags.length > 0 ? ` · ${bookmark.tags.join(', ')}` : ''}
          {` · ${t('bookmarks.by', { name: bookmark.author })}`}
          {count > 1 ? ` · ${t('evidence.cameras', { count })}` : ''}
        </Text>
        {named && (
          <Text size="xs" data-testid="bookmark-of">
            {namesOf(bookmark, cameras)}
          </Text>
        )}
        {held && (
          <Text size="xs" data-testid="bookmark-protected">
            <IconLock size={13} aria-hidden="true" style={{ verticalAlign: '-2px' }} />{' '}
            {t('bookmarks.protected')}
          </Text>
        )}
        {bookmark.text && (
          <Text size="xs" lineClamp={3}>
            {bookmark.text}
          </Text>
        )}
        {error && (
          <Text size="xs" c="red" role="alert">
            {problemText(error)}
          </Text>
        )}
      </Box>
      <Group gap="xs" justify="flex-end">
        <Button size="compact-xs" variant="default" onClick={() => onGo(bookmark)} data-testid="bookmark-go">
          {t('evidence.show')}
        </Button>
        {thoseWith(cameras, bookmark.cameraIds, 'export').length > 0 && (
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => onExport(bookmark)}
            data-testid="bookmark-export"
          >
            {t('bookmarks.export')}
          </Button>
        )}
        {lockable.length > 0 && !held && (
          <Button
            size="compact-xs"
            variant="default"
            loading={protect.isPending}
            title={t('bookmarks.protectHint')}
            onClick={hold}
            data-testid="bookmark-protect"
          >
            {t('bookmarks.protect')}
          </Button>
        )}
        {bookmark.editable && (
          <>
            <Button
              size="compact-xs"
              variant="default"
              onClick={() => onEdit(bookmark)}
              data-testid="bookmark-edit"
            >
              {t('bookmarks.edit')}
            </Button>
            <Button
              size="compact-xs"
              variant={sure ? 'filled' : 'default'}
              color="red.9"
              loading={remove.isPending}
              onBlur={() => setSure(false)}
              onClick={() =>
                sure
                  ? remove.mutate(bookmark, {
                      onSuccess: () => {
                        toast(t('bookmarks.removed'));
                        onRemoved(bookmark);
                      },
                    })
                  : setSure(true)
              }
              data-testid="bookmark-remove"
            >
              {t(sure ? 'bookmarks.removeSure' : 'bookmarks.remove')}
            </Button>
          </>
        )}
      </Group>
    </Group>
  );
}

/** More have no room; how many there are is said beside them. */
const NAMED_MAX = 3;

const namesOf = ({ cameraIds }: Bookmark, cameras: readonly Camera[]) =>
  cameras
    .filter(({ id }) => cameraIds.includes(id))
    .slice(0, NAMED_MAX)
    .map(({ name }) => name)
    .join(', ');
