// SPDX-License-Identifier: Apache-2.0
import { Modal, Stack, Switch, TagsInput, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LAYOUT_NAME_MAX, type Layout, type LayoutDraft } from '../../api/layouts';
import { useRoles } from '../../api/roles';
import { DialogActions } from '../../ui/DialogActions';
import { useMay } from '../../ui/permissions';

/** What is said of any layout: under which name it is kept, for whom, and whether it is to stay so. */
export function useKept(existing?: Layout) {
  const [text, setText] = useState(existing?.name ?? '');
  const [roles, setRoles] = useState(existing?.roles ?? []);
  const [locked, setLocked] = useState(existing?.locked ?? false);
  const mayShare = useMay('share_layouts');
  const name = text.trim();
  return {
    text,
    setText,
    name,
    roles,
    setRoles,
    locked,
    setLocked,
    mayShare,
    /** Locked, and to stay so: nothing else of it can be changed. */
    fixed: existing?.locked === true && locked,
    draft: { name, locked, ...(mayShare ? { roles } : {}) } satisfies LayoutDraft,
  };
}

interface Props {
  title: string;
  kept: ReturnType<typeof useKept>;
  /** Its request. */
  save: { isPending: boolean; error: unknown };
  /** What is to be kept cannot be. */
  disabled?: boolean;
  onSubmit: () => void;
  onClose: () => void;
  /** Test ids are this and `-form`, `-name`, `-locked`, `-save`, `-problem`. */
  testId: string;
  /** What else is said of it, below its name. */
  children?: ReactNode;
}

/** Asks for what is said of any layout. */
export function KeptDialog({ title, kept, save, disabled, onSubmit, onClose, testId, children }: Props) {
  const { t } = useTranslation();
  function submit(event: FormEvent) {
    event.preventDefault();
    onSubmit();
  }
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <form onSubmit={submit} data-testid={`${testId}-form`}>
        <Stack gap="sm">
          <TextInput
            label={t('layouts.name')}
            maxLength={LAYOUT_NAME_MAX}
            value={kept.text}
            disabled={kept.fixed}
            onChange={(event) => kept.setText(event.currentTarget.value)}
            data-autofocus
            data-testid={`${testId}-name`}
          />
          {children}
          {kept.mayShare && <SharedWith value={kept.roles} onChange={kept.setRoles} disabled={kept.fixed} />}
          <Switch
            label={t('layouts.lock')}
            description={t('layouts.lockHint')}
            checked={kept.locked}
            onChange={(event) => kept.setLocked(event.currentTarget.checked)}
            data-testid={`${testId}-locked`}
          />
          <DialogActions
            action={t('common.save')}
            testId={testId}
            busy={save.isPending}
            error={save.error}
            disabled={disabled || kept.name === ''}
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
function SharedWith({ value, onChange, disabled }: SharedWithProps) {
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
