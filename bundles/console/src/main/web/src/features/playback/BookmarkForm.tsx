// SPDX-License-Identifier: Apache-2.0
import {
  Alert,
  Button,
  Checkbox,
  Group,
  MultiSelect,
  Stack,
  TagsInput,
  Textarea,
  TextInput,
} from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Bookmark, useKnownTags, useSaveBookmark } from '../../api/bookmarks';
import { type EvidenceLock, useAddLock } from '../../api/evidence';
import { serverClock } from '../../api/serverClock';
import type { Camera } from '../../api/types';
import { mayWith } from '../../ui/permissions';
import { problemText } from '../../ui/problemText';
import { footageOf, isProtected, rangeOf, thoseWith } from './protection';
import { isRange, RangeFields } from './RangeFields';
import type { Selection } from './selection';
import { TimeField } from './TimeField';

const TITLE_CHARS_MAX = 200;
const TEXT_CHARS_MAX = 4000;
/** As many as the server takes, and as long. */
const TAGS_MAX = 20;
const TAG_CHARS_MAX = 40;
const USUAL_MS = 60_000;

interface Props {
  camera: Camera;
  /** Among which more can be chosen. */
  cameras: Camera[];
  /** Those the user may know of. */
  locks: readonly EvidenceLock[];
  /** Both ends alike for a moment. */
  offered: Selection;
  /** Absent for a new one. */
  existing?: Bookmark;
  onDone: () => void;
  onCancel: () => void;
}

/** A new bookmark, or one that is changed. */
export function BookmarkForm({ camera, cameras, locks, offered, existing, onDone, onCancel }: Props) {
  const { t } = useTranslation();
  const [range, setRange] = useState(existing ? rangeOf(existing) : offered);
  const [stretch, setStretch] = useState(range.to > range.from);
  const [title, setTitle] = useState(existing?.title ?? '');
  const [text, setText] = useState(existing?.text ?? '');
  const [tags, setTags] = useState(existing?.tags ?? []);
  const [protect, setProtect] = useState(false);
  const [cameraIds, setCameraIds] = useState(existing?.cameraIds ?? [camera.id]);
  const knownTags = useKnownTags().data ?? [];
  const save = useSaveBookmark();
  const lock = useAddLock();
  const lockable = thoseWith(cameras, cameraIds, 'lock_evidence');
  const held = isProtected(locks, lockable, stretch ? range : { from: range.from, to: range.from });
  const valid =
    title.trim() !== '' && cameraIds.length > 0 && (stretch ? isRange(range) : Number.isFinite(range.from));

  function submit(event: FormEvent) {
    event.preventDefault();
    if (valid) {
      const draft = {
        // Of a bookmark there may be cameras that are not shown: they stay.
        cameraIds: existing && sameCameras(existing.cameraIds, cameraIds) ? undefined : cameraIds,
        from: new Date(range.from).toISOString(),
        to: new Date(stretch ? range.to : range.from).toISOString(),
        title,
        text,
        tags,
      };
      // What was set already is not set again where only the protection failed.
      save.mutate({ existing: save.data ?? existing, draft }, { onSuccess: hold });
    }
  }

  function hold() {
    if (!protect || held || lockable.length === 0) {
      onDone();
      return;
    }
    const { from, to } = footageOf(stretch ? range : { from: range.from, to: range.from }, serverClock.now());
    lock.mutate(
      {
        cameraIds: lockable,
        from: new Date(from).toISOString(),
        to: new Date(to).toISOString(),
        reason: title.trim(),
      },
      { onSuccess: onDone },
    );
  }

  return (
    <form onSubmit={submit} data-testid="bookmark-form">
      <Stack gap="sm">
        <TextInput
          label={t('bookmarks.name')}
          required
          maxLength={TITLE_CHARS_MAX}
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
          data-testid="bookmark-title"
          data-autofocus
          // What is to be changed may be chosen far below.
          autoFocus={existing !== undefined}
        />
        <Checkbox
          label={t('bookmarks.stretch')}
          checked={stretch}
          onChange={(event) => {
            setStretch(event.currentTarget.checked);
            if (event.currentTarget.checked && !isRange(range)) {
              setRange({ from: range.from, to: range.from + USUAL_MS });
            }
          }}
          data-testid="bookmark-stretch"
        />
        {stretch ? (
          <RangeFields range={range} onChange={setRange} testId="bookmark" />
        ) : (
          <TimeField
            label={t('bookmarks.at')}
            value={range.from}
            onChange={(from) => setRange({ from, to: from })}
            testId="bookmark-at"
          />
        )}
        <Textarea
          label={t('bookmarks.text')}
          maxLength={TEXT_CHARS_MAX}
          autosize
          minRows={2}
          maxRows={6}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          data-testid="bookmark-text"
        />
        <TagsInput
          label={t('bookmarks.tags')}
          placeholder={tags.length === 0 ? t('bookmarks.tagsHint') : undefined}
          data={knownTags}
          value={tags}
          onChange={(typed) => setTags(tagsOf(typed))}
          maxTags={TAGS_MAX}
          maxLength={TAG_CHARS_MAX}
          splitChars={[',']}
          data-testid="bookmark-tags"
        />
        <MultiSelect
          label={t('bookmarks.cameras')}
          data={cameras
            .filter((one) => mayWith(one, 'bookmark') || cameraIds.includes(one.id))
            .map(({ id, name }) => ({ value: id, label: name }))}
          searchable
          value={cameraIds}
          onChange={setCameraIds}
          data-testid="bookmark-cameras"
        />
        {lockable.length > 0 && (
          <Checkbox
            label={t(held ? 'bookmarks.protected' : 'bookmarks.protectIt')}
            description={t('bookmarks.protectHint')}
            checked={held || protect}
            disabled={held}
            onChange={(event) => setProtect(event.currentTarget.checked)}
            data-testid="bookmark-form-protect"
          />
        )}
      </Stack>
      {(save.error ?? lock.error) && (
        <Alert color="red" variant="light" mt="sm" role="alert" data-testid="bookmark-problem">
          {save.isSuccess && `${t('bookmarks.notProtected')} `}
          {problemText(save.error ?? lock.error)}
        </Alert>
      )}
      <Group justify="flex-end" mt="md">
        {existing && (
          <Button variant="default" onClick={onCancel}>
            {t('common.cancel')}
          </Button>
        )}
        <Button
          type="submit"
          disabled={!valid}
          loading={save.isPending || lock.isPending}
          data-testid="bookmark-submit"
        >
          {t(existing ? 'bookmarks.save' : 'bookmarks.add')}
        </Button>
      </Group>
    </form>
  );
}

/** A tag has no comma, and no blanks around it. */
const tagsOf = (typed: string[]): string[] => [
  ...new Set(typed.flatMap((text) => text.split(',').map((tag) => tag.trim())).filter(Boolean)),
];

function sameCameras(some: string[], others: string[]): boolean {
  return [...some].sort().join() === [...others].sort().join();
}
