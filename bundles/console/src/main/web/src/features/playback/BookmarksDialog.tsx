// SPDX-License-Identifier: Apache-2.0
import { Alert, Divider, Modal, SimpleGrid, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { type Bookmark, useBookmarks } from '../../api/bookmarks';
import { useLocks } from '../../api/evidence';
import { useCameras } from '../../api/queries';
import { serverClock } from '../../api/serverClock';
import type { Camera } from '../../api/types';
import { mayWith, useMay } from '../../ui/permissions';
import { problemText } from '../../ui/problemText';
import { toast } from '../../ui/toast';
import { ZoneNote } from '../../ui/ZoneNote';
import { ExportDialog } from '../exports/ExportDialog';
import { togetherAddress } from '../together/address';
import { BookmarkForm } from './BookmarkForm';
import { BookmarkLine } from './BookmarkLine';
import { footageOf, rangeOf, thoseWith } from './protection';
import type { Selection } from './selection';

const SEARCH_AFTER_MS = 250;

interface Props {
  camera: Camera;
  /** Both ends alike for a moment. */
  offered: Selection;
  onGo: (utcMs: number) => void;
  onClose: () => void;
}

/** Sets bookmarks, finds those of a camera or of all, goes to them, changes and removes them. */
export function BookmarksDialog({ camera, offered, onGo, onClose }: Props) {
  const { t } = useTranslation();
  const [edited, setEdited] = useState<Bookmark>();
  const [text, setText] = useState('');
  const [asked] = useDebouncedValue(text, SEARCH_AFTER_MS);
  const [all, setAll] = useState(false);
  const found = useBookmarks(all ? undefined : camera.id, asked);
  const items = found.data?.items ?? [];
  const navigate = useNavigate();
  const [exported, setExported] = useState<Bookmark>();
  const cameras = useCameras().data ?? [camera];
  const locks = useLocks(useMay('lock_evidence')).data ?? [];
  const there = t(all ? 'bookmarks.everywhere' : 'bookmarks.there');

  /** That of another camera is on another page. */
  function go({ cameraIds, from }: Bookmark) {
    const fromMs = Date.parse(from);
    if (cameraIds.includes(camera.id)) {
      onGo(fromMs);
    } else {
      onClose();
      navigate(togetherAddress(cameraIds, fromMs));
    }
  }

  const mayChange = mayWith(camera, 'bookmark') || edited !== undefined;
  if (exported) {
    return (
      <ExportDialog
        cameraIds={thoseWith(cameras, exported.cameraIds, 'export')}
        offered={footageOf(rangeOf(exported), serverClock.now())}
        onOrdered={() => navigate('/exports')}
        onClose={() => setExported(undefined)}
      />
    );
  }
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
            cameras={cameras}
            locks={locks}
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
        <section aria-label={there}>
          {mayChange && <Divider mb="xs" label={there} labelPosition="left" />}
          <TextInput
            label={t('bookmarks.search')}
            placeholder={t('bookmarks.searchHint')}
            maxLength={200}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            mb="sm"
            data-testid="bookmark-search"
          />
          <Switch
            label={t('bookmarks.all')}
            checked={all}
            onChange={(event) => setAll(event.currentTarget.checked)}
            mb="sm"
            data-testid="bookmark-all"
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
          {items.length > 0 && (
            <Text size="xs" c="dimmed" mb="xs">
              <ZoneNote />
            </Text>
          )}
          <Stack gap="sm">
            {items.map((bookmark) => (
              <BookmarkLine
                key={bookmark.id}
                bookmark={bookmark}
                cameras={cameras}
                locks={locks}
                named={all}
                onGo={go}
                onExport={setExported}
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
