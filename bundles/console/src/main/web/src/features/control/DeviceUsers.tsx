// SPDX-License-Identifier: Apache-2.0
import {
  ActionIcon,
  Alert,
  Badge,
  Button,
  Modal,
  PasswordInput,
  Select,
  Text,
  TextInput,
} from '@mantine/core';
import { IconPencil, IconTrash, IconUserPlus } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  DEVICE_LEVELS,
  type DeviceLevel,
  type DeviceUser,
  type DeviceUserTask,
  useDeviceUsers,
  useDeviceUserTask,
} from '../../api/control';
import type { Camera } from '../../api/types';
import { wordFor } from '../../i18n';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { DialogActions } from '../../ui/DialogActions';
import { problemText } from '../../ui/problemText';
import { toast } from '../../ui/toast';
import classes from './ControlPage.module.css';

const CHARS_MAX = 128;

/** Who may log in at the camera itself. */
export function DeviceUsers({ camera }: { camera: Camera }) {
  const { t } = useTranslation();
  const users = useDeviceUsers(camera.id);
  const [edited, setEdited] = useState<DeviceUser | 'new'>();
  const [removed, setRemoved] = useState<DeviceUser>();
  return (
    <>
      <Text size="xs" c="dimmed" mb={6}>
        {t('control.users.explained')}
      </Text>
      {users.error && (
        <Alert color="yellow" variant="light" p="xs">
          {problemText(users.error)}
        </Alert>
      )}
      <ul className={classes.rows} data-testid="device-users">
        {users.data?.map((user) => (
          <li key={user.name} className={classes.row}>
            <span>{user.name}</span>
            <Text size="xs" c="dimmed">
              {wordFor('control.users.level', user.level)}
            </Text>
            {user.ours ? (
              <Badge size="sm" variant="light" color="teal">
                {t('control.users.ours')}
              </Badge>
            ) : (
              <>
                <ActionIcon
                  size="sm"
                  aria-label={`${t('control.users.change')}: ${user.name}`}
                  onClick={() => setEdited(user)}
                  data-testid={`device-user-edit-${user.name}`}
                >
                  <IconPencil size={15} />
                </ActionIcon>
                <ActionIcon
                  size="sm"
                  aria-label={`${t('control.users.remove')}: ${user.name}`}
                  onClick={() => setRemoved(user)}
                  data-testid={`device-user-remove-${user.name}`}
                >
                  <IconTrash size={15} />
                </ActionIcon>
              </>
            )}
          </li>
        ))}
      </ul>
      {users.data && (
        <Button
          size="xs"
          variant="default"
          mt={6}
          leftSection={<IconUserPlus size={15} />}
          onClick={() => setEdited('new')}
          data-testid="device-user-add"
        >
          {t('control.users.add')}
        </Button>
      )}
      {edited && (
        <UserDialog
          camera={camera}
          user={edited === 'new' ? undefined : edited}
          onClose={() => setEdited(undefined)}
        />
      )}
      {removed && <RemoveUser camera={camera} user={removed} onClose={() => setRemoved(undefined)} />}
    </>
  );
}

interface DialogProps {
  camera: Camera;
  /** Undefined: a new one. */
  user?: DeviceUser;
  onClose: () => void;
}

function UserDialog({ camera, user, onClose }: DialogProps) {
  const { t } = useTranslation();
  const task = useDeviceUserTask(camera.id);
  const [name, setName] = useState(user?.name ?? '');
  const [password, setPassword] = useState('');
  const before = DEVICE_LEVELS.find((level) => level === user?.level);
  const [level, setLevel] = useState<DeviceLevel | undefined>(user ? before : 'viewer');

  function submit(event: FormEvent) {
    event.preventDefault();
    const wanted: DeviceUserTask = user
      ? {
          kind: 'change',
          name: user.name,
          ...(password ? { password } : {}),
          ...(level && level !== before ? { level } : {}),
        }
      : { kind: 'add', name: name.trim(), password, level: level ?? 'viewer' };
    task.mutate(wanted, {
      onSuccess: () => {
        toast(t(user ? 'control.users.changed' : 'control.users.added', { name: wanted.name }));
        onClose();
      },
    });
  }

  const complete = user ? password !== '' || level !== before : name.trim() !== '' && password !== '';
  return (
    <Modal
      opened
      onClose={onClose}
      title={
        user
          ? t('control.users.changeTitle', { name: user.name })
          : t('control.users.addTitle', { camera: camera.name })
      }
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form onSubmit={submit} data-testid="device-user-form">
        {!user && (
          <TextInput
            label={t('control.users.name')}
            required
            maxLength={CHARS_MAX}
            autoComplete="off"
            spellCheck={false}
            data-autofocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            data-testid="device-user-name"
          />
        )}
        <PasswordInput
          label={t('control.users.password')}
          description={t('control.users.passwordHint')}
          placeholder={user ? t('cameras.unchanged') : undefined}
          required={!user}
          maxLength={CHARS_MAX}
          autoComplete="new-password"
          mt="sm"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          data-testid="device-user-password"
        />
        <Select
          label={t('control.users.levelLabel')}
          allowDeselect={false}
          mt="sm"
          data={DEVICE_LEVELS.map((one) => ({ value: one, label: t(`control.users.level.${one}`) }))}
          value={level ?? null}
          onChange={(one) => setLevel(DEVICE_LEVELS.find((known) => known === one))}
          data-testid="device-user-level"
        />
        <DialogActions
          action={t(user ? 'common.save' : 'control.users.add')}
          testId="device-user"
          busy={task.isPending}
          disabled={!complete}
          error={task.error}
          onCancel={onClose}
        />
      </form>
    </Modal>
  );
}

function RemoveUser({ camera, user, onClose }: { camera: Camera; user: DeviceUser; onClose: () => void }) {
  const { t } = useTranslation();
  const { name } = user;
  const value: DeviceUserTask = { kind: 'remove', name };
  return (
    <ConfirmDialog
      title={t('control.users.removeTitle', { name })}
      text={t('control.users.removeText', { camera: camera.name })}
      action={t('control.users.remove')}
      danger
      task={useDeviceUserTask(camera.id)}
      value={value}
      done={t('control.users.removed', { name })}
      testId="device-user"
      onClose={onClose}
    />
  );
}
