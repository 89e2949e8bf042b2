// SPDX-License-Identifier: Apache-2.0
import { Alert, Box, Button, Divider, Group, Modal, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Bookmark, useBookmarks, useRemoveBookmark } from '../../api/bookmarks';
import type { Camera } from '../../api/types';
import { mayWith } from '../../ui/permissions';
import { problemText } from '../../ui/problemText';
import { dateTime, duration } from '../../ui/time';
import { toast } from '../../ui/toast';
import { BookmarkForm } from './BookmarkForm';
import type { Selection } from './selection';

const SEARCH_AFTER_MS = 250;

interface Props {
  camera: Camera;
  /** Both ends alike for a moment. */
  offered: Selection;
  onGo: (utcMs: number) => void;
  onClose: () => void;
}

/** Sets bookmarks, finds those of a camera, goes to them, changes and removes them. */
export function BookmarksDialog({ camera, offered, onGo, onClose }: Props) {
  const { t } = useTranslation();
  const [edited, setEdited] = useState<Bookmark>();
  const [text, setText] = useState('');
  const [asked] = useDebouncedValue(text, SEARCH_AFTER_MS);
  const found = useBookmarks(camera.id, asked);
  const items = found.data?.items ?? [];
  const mayChange = mayWith(camera, 'bookmark') || edited !== undefined;
  return (
    <Modal
      opened
      size={mayChange ? 1000 : 'lg'}
      onClose={onClose}
      title={t('bookmarks.title', { name: camera.name })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <SimpleGrid cols={{ base: 1, md: mayChange ? 2 : 1 }} spacing="xl" verticalSpacing="md">
        {mayChange && (
          <BookmarkForm
            key={edited ? `${edited.id}-${edited.version}` : 'new'}
            camera={camera}
            offered={offered}
            existing={edited}
            onDone={() => {
              if (edited) {
                toast(t('bookmarks.saved'));
                setEdited(undefined);
              } else {
                toast(t('bookmarks.added'));
                onClose();
              }
            }}
            onCancel={() => setEdited(undefined)}
          />
        )}
        <section aria-label={t('bookmarks.there')}>
          {mayChange && <Divider mb="xs" label={t('bookmarks.there')} labelPosition="left" />}
          <TextInput
            label={t('bookmarks.search')}
            placeholder={t('bookmarks.searchHint')}
            maxLength={200}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            mb="sm"
            data-testid="bookmark-search"
          />
          {found.error && (
            <Alert color="red" variant="light" mb="sm" role="alert">
              {problemText(found.error)}
            </Alert>
          )}
          {found.data && items.length === 0 && (
            <Text size="sm" c="dimmed">
              {t(asked.trim() ? 'bookmarks.noneFound' : 'bookmarks.none')}
            </Text>
          )}
          <Stack gap="sm">
            {items.map((bookmark) => (
              <BookmarkLine
                key={bookmark.id}
                bookmark={bookmark}
                onGo={onGo}
                onEdit={setEdited}
                onRemoved={({ id }) => setEdited((one) => (one?.id === id ? undefined : one))}
              />
            ))}
          </Stack>
          {found.data?.nextCursor && (
            <Text size="xs" c="dimmed" mt="xs">
              {t('bookmarks.more')}
            </Text>
          )}
        </section>
      </SimpleGrid>
    </Modal>
  );
}

interface LineProps {
  bookmark: Bookmark;
  onGo: (utcMs: number) => void;
  onEdit: (bookmark: Bookmark) => void;
  onRemoved: (bookmark: Bookmark) => void;
}

function BookmarkLine({ bookmark, onGo, onEdit, onRemoved }: LineProps) {
  const { t } = useTranslation();
  const [sure, setSure] = useState(false);
  const remove = useRemoveBookmark();
  const from = Date.parse(bookmark.from);
  const length = bookmark.to ? ` (${duration(Date.parse(bookmark.to) - from)})` : '';
  const cameras = bookmark.cameraIds.length;
  return (
    <Group justify="flex-end" gap="xs" align="flex-start" data-testid="bookmark-line">
      <Box flex="1 1 240px" miw={0} style={{ overflowWrap: 'anywhere' }}>
        <Text size="sm" fw={500}>
          {bookmark.title}
        </Text>
        <Text size="xs" c="dimmed">
          {dateTime(from)}
          {length}
          {bookmark.tags.length > 0 ? ` · ${bookmark.tags.join(', ')}` : ''}
          {` · ${t('bookmarks.by', { name: bookmark.author })}`}
          {cameras > 1 ? ` · ${t('evidence.cameras', { count: cameras })}` : ''}
        </Text>
        {bookmark.text && (
          <Text size="xs" lineClamp={3}>
            {bookmark.text}
          </Text>
        )}
        {remove.error && (
          <Text size="xs" c="red" role="alert">
            {problemText(remove.error)}
          </Text>
        )}
      </Box>
      <Group gap="xs" wrap="nowrap">
        <Button size="compact-xs" variant="default" onClick={() => onGo(from)} data-testid="bookmark-go">
          {t('evidence.show')}
        </Button>
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
