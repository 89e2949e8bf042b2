// SPDX-License-Identifier: Apache-2.0
import { Checkbox, Group, Modal, NumberInput, Stack, Switch, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Role, useSaveRole } from '../../api/roles';
import { wordFor } from '../../i18n';
import { DialogActions } from '../../ui/DialogActions';
import { toast } from '../../ui/toast';

interface Props {
  /** The one to change; left out for a new one. */
  role?: Role;
  /** All roles: the administrator's names every right there is. */
  known: Role[];
  onClose: () => void;
}

/** Makes a role, or changes one; it counts at once for all who have it. */
export function RoleDialog({ role, known, onClose }: Props) {
  const { t } = useTranslation();
  const save = useSaveRole(role);
  const [name, setName] = useState(role?.name ?? '');
  const [permissions, setPermissions] = useState(role?.permissions ?? []);
  const [secondFactor, setSecondFactor] = useState(role?.secondFactor ?? false);
  const [ptzPriority, setPtzPriority] = useState<string | number>(role?.ptzPriority ?? 0);
  const all = known.find((one) => !one.editable)?.permissions ?? [];

  function submit(event: FormEvent) {
    event.preventDefault();
    save.mutate(
      { name: name.trim(), permissions, secondFactor, ptzPriority: Number(ptzPriority) },
      {
        onSuccess: () => {
          toast(t('roles.saved', { name: wordFor('role', name.trim()) }));
          onClose();
        },
      },
    );
  }

  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={role ? t('roles.changeTitle', { name: wordFor('role', role.name) }) : t('roles.add')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form onSubmit={submit} noValidate data-testid="role-form">
        <Stack gap="sm">
          {!role && (
            <TextInput
              label={t('roles.name')}
              description={t('roles.nameHint')}
              required
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              data-autofocus
              data-testid="role-name"
            />
          )}
          {(role?.editable ?? true) && (
            <Checkbox.Group label={t('roles.permissions')} value={permissions} onChange={setPermissions}>
              <Group gap="xs" mt={4}>
                {all.map((one) => (
                  <Checkbox
                    key={one}
                    w={250}
                    value={one}
                    label={wordFor('permission', one)}
                    data-testid={`permission-${one}`}
                  />
                ))}
              </Group>
            </Checkbox.Group>
          )}
          <Switch
            label={t('roles.secondFactor')}
            description={t('roles.secondFactorHint')}
            checked={secondFactor}
            onChange={(event) => setSecondFactor(event.currentTarget.checked)}
            data-testid="role-second-factor"
          />
          <NumberInput
            label={t('roles.ptzPriority')}
            description={t('roles.ptzPriorityHint')}
            min={0}
            max={100}
            value={ptzPriority}
            onChange={setPtzPriority}
          />
          <DialogActions
            action={t('common.save')}
            testId="role"
            busy={save.isPending}
            error={save.error}
            onCancel={onClose}
            stays
          />
        </Stack>
      </form>
    </Modal>
  );
}
