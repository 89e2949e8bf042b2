// SPDX-License-Identifier: Apache-2.0
import { Modal, Stack, Switch, TagsInput, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  LAYOUT_NAME_MAX,
  type Layout,
  type LayoutDraft,
  useSaveLayout,
  type WallLayout,
} from '../../api/layouts';
import { useRoles } from '../../api/roles';
import { DialogActions } from '../../ui/DialogActions';
import { useMay } from '../../ui/permissions';
import { useKeptLayouts } from './useKeptLayouts';
import { useLayouts, wallOf } from './useLayouts';
import { useWall } from './useWall';

interface Props {
  /** The one whose name, lock and sharing are changed; else the wall is kept as a new one. */
  existing?: WallLayout;
  onClose: () => void;
}

/** Under which name a wall is kept, for whom, and whether it is to stay so. */
export function LayoutDialog({ existing, onClose }: Props) {
  const { t } = useTranslation();
  const { walls, tours } = useKeptLayouts();
  const save = useSaveLayout();
  const maySharing = useMay('share_layouts');
  const [text, setText] = useState(existing?.name ?? '');
  const [roles, setRoles] = useState(existing?.roles ?? []);
  const [locked, setLocked] = useState(existing?.locked ?? false);
  const name = text.trim();
  const namesake = [...walls, ...tours].find(
    (one) => one.own && one.name === name && one.id !== existing?.id,
  );
  const fixed = existing?.locked === true && locked;
  // One's own wall of that name is replaced; anything else of that name stays.
  const replaced = existing === undefined && namesake?.wall && namesake.editable ? namesake : undefined;

  function submit(event: FormEvent) {
    event.preventDefault();
    const draft = { name, locked, ...(maySharing ? { roles } : {}) };
    const wall = wallOf(useWall.getState());
    // Whoever has the one that is replaced keeps it, unless others are named.
    const instead = { wall, ...(roles.length > 0 ? { roles } : {}), ...(locked ? { locked } : {}) };
    save.mutate(
      existing
        ? { existing, draft: changesOf(existing, draft) }
        : { existing: replaced, draft: replaced ? instead : { wall, ...draft } },
      {
        onSuccess: ({ id }) => {
          useLayouts.getState().settle(id);
          onClose();
        },
      },
    );
  }

  return (
    <Modal
      opened
      onClose={onClose}
      title={existing ? t('layouts.settings', { name: existing.name }) : t('layouts.new')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form onSubmit={submit} data-testid="layout-form">
        <Stack gap="sm">
          <TextInput
            label={t('layouts.name')}
            maxLength={LAYOUT_NAME_MAX}
            value={text}
            disabled={fixed}
            onChange={(event) => setText(event.currentTarget.value)}
            data-autofocus
            data-testid="layout-name"
          />
          {namesake && (
            <Text size="xs" role="status">
              {replaced ? t('layouts.taken') : t('layouts.namesake')}
            </Text>
          )}
          {maySharing && <SharedWith value={roles} onChange={setRoles} disabled={fixed} />}
          <Switch
            label={t('layouts.lock')}
            description={t('layouts.lockHint')}
            checked={locked}
            onChange={(event) => setLocked(event.currentTarget.checked)}
            data-testid="layout-locked"
          />
          <DialogActions
            action={t('common.save')}
            testId="layout"
            busy={save.isPending}
            error={save.error}
            disabled={name === ''}
            onCancel={onClose}
          />
        </Stack>
      </form>
    </Modal>
  );
}

/** What of a draft is not as it is kept: what is locked takes no change that changes nothing either. */
export function changesOf(existing: Layout, draft: LayoutDraft): LayoutDraft {
  const { name, locked, roles, tour } = draft;
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
  return {
    ...(name === existing.name ? {} : { name }),
    ...(locked === existing.locked ? {} : { locked }),
    ...(roles === undefined || same(roles.toSorted(), existing.roles.toSorted()) ? {} : { roles }),
    ...(tour === undefined || same(tour, existing.tour) ? {} : { tour }),
  };
}

interface SharedWithProps {
  value: string[];
  onChange: (roles: string[]) => void;
  disabled: boolean;
}

/** Roles by name. Who may not read the list of them types theirs. */
export function SharedWith({ value, onChange, disabled }: SharedWithProps) {
  const { t } = useTranslation();
  const mayList = useMay('manage_users');
  const roles = useRoles(mayList);
  return (
    <TagsInput
      label={t('layouts.sharedWith')}
      description={t('layouts.sharedHint')}
      placeholder={value.length === 0 ? t('layouts.nobody') : undefined}
      data={(roles.data ?? []).map(({ name }) => name)}
      value={value}
      onChange={onChange}
      disabled={disabled}
      clearable
      clearButtonProps={{ 'aria-label': t('layouts.unshare') }}
      data-testid="layout-roles"
    />
  );
}
