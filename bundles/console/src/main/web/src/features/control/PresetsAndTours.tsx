// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Alert, Badge, Button, Group, Kbd, Text, TextInput } from '@mantine/core';
import { IconCurrentLocation, IconHome, IconPencil, IconTrash } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  type PresetTask,
  type PtzPreset,
  usePresets,
  usePresetTask,
  useTours,
  useTourTask,
} from '../../api/control';
import type { Camera } from '../../api/types';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { mayWith } from '../../ui/permissions';
import { problemText } from '../../ui/problemText';
import { toast } from '../../ui/toast';
import { ChangePreset, NAME_CHARS_MAX } from './ChangePreset';
import classes from './ControlPage.module.css';

/** So many can be called by one key. */
const DIGITS = 9;
const tell = (error: Error) => toast(problemText(error), 'error');

interface Props {
  camera: Camera;
  hasPresets: boolean;
  hasTours: boolean;
  /** Somebody else moves the camera, and goes before the user: what would move it waits. */
  others: boolean;
}

export function PresetsAndTours({ camera, hasPresets, hasTours, others }: Props) {
  return (
    <>
      {hasPresets && <Presets camera={camera} others={others} />}
      {hasTours && <Tours camera={camera} others={others} />}
    </>
  );
}

/** Positions the camera keeps under a name. */
function Presets({ camera, others }: Pick<Props, 'camera' | 'others'>) {
  const { t } = useTranslation();
  const presets = usePresets(camera.id);
  const task = usePresetTask(camera.id);
  const canManage = mayWith(camera, 'manage_cameras');
  const [name, setName] = useState('');
  const [forgetting, setForgetting] = useState<PtzPreset>();
  const [changing, setChanging] = useState<{ preset: PtzPreset; what: 'name' | 'here' }>();
  const home = presets.data?.find((preset) => preset.home);
  const named = presets.data?.filter((preset) => !preset.home);
  const go = ({ token }: PtzPreset) => task.mutate({ kind: 'go', token }, { onError: tell });
  function keep(event: FormEvent) {
    event.preventDefault();
    const wanted = name.trim();
    if (wanted) {
      task.mutate(
        { kind: 'keep', name: wanted },
        {
          onSuccess: () => {
            setName('');
            toast(t('control.kept', { name: wanted }));
          },
          onError: tell,
        },
      );
    }
  }
  return (
    <>
      <Text size="xs" fw={600} mt="md" mb={4}>
        {t('control.presets')}
      </Text>
      {presets.error && (
        <Alert color="yellow" variant="light" p="xs">
          {problemText(presets.error)}
        </Alert>
      )}
      {home && (
        <Group gap={6} mb={6}>
          <Button
            size="compact-xs"
            variant="default"
            leftSection={<IconHome size={14} />}
            disabled={others}
            onClick={() => go(home)}
            data-testid="preset-home"
          >
            {t('control.home')}
          </Button>
          {canManage && home.changeable && (
            <Button
              size="compact-xs"
              variant="subtle"
              disabled={others}
              onClick={() => setChanging({ preset: home, what: 'here' })}
              data-testid="preset-home-here"
            >
              {t('control.homeHere')}
            </Button>
          )}
        </Group>
      )}
      {named?.length === 0 && (
        <Text size="xs" c="dimmed">
          {t('control.noPresets')}
        </Text>
      )}
      <ul className={classes.rows} data-testid="ptz-presets">
        {named?.map((preset, index) => (
          <li key={preset.token} className={classes.row}>
            <span>
              {preset.name} {index < DIGITS && <Kbd size="xs">{index + 1}</Kbd>}
            </span>
            <Button
              size="compact-xs"
              variant="default"
              disabled={others}
              onClick={() => go(preset)}
              aria-label={`${t('control.go')}: ${preset.name}`}
              data-testid={`preset-go-${preset.name}`}
            >
              {t('control.go')}
            </Button>
            {canManage && preset.changeable && (
              <>
                <ActionIcon
                  size="sm"
                  title={t('control.rename')}
                  aria-label={`${t('control.rename')}: ${preset.name}`}
                  disabled={others}
                  onClick={() => setChanging({ preset, what: 'name' })}
                  data-testid={`preset-rename-${preset.name}`}
                >
                  <IconPencil size={15} />
                </ActionIcon>
                <ActionIcon
                  size="sm"
                  title={t('control.here')}
                  aria-label={`${t('control.here')}: ${preset.name}`}
                  disabled={others}
                  onClick={() => setChanging({ preset, what: 'here' })}
                  data-testid={`preset-here-${preset.name}`}
                >
                  <IconCurrentLocation size={15} />
                </ActionIcon>
              </>
            )}
            {canManage && (
              <ActionIcon
                size="sm"
                title={t('control.forget')}
                aria-label={`${t('control.forget')}: ${preset.name}`}
                onClick={() => setForgetting(preset)}
                data-testid={`preset-forget-${preset.name}`}
              >
                <IconTrash size={15} />
              </ActionIcon>
            )}
          </li>
        ))}
      </ul>
      {canManage && (
        <form onSubmit={keep}>
          <Group gap={6} mt={6} wrap="nowrap">
            <TextInput
              size="xs"
              flex={1}
              maxLength={NAME_CHARS_MAX}
              placeholder={t('control.presetName')}
              aria-label={t('control.presetName')}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              data-testid="preset-name"
            />
            <Button
              type="submit"
              size="xs"
              variant="default"
              disabled={!name.trim()}
              loading={task.isPending && task.variables.kind === 'keep'}
              data-testid="preset-keep"
            >
              {t('control.keep')}
            </Button>
          </Group>
        </form>
      )}
      {changing && <ChangePreset camera={camera} {...changing} onClose={() => setChanging(undefined)} />}
      {forgetting && (
        <ForgetPreset camera={camera} preset={forgetting} onClose={() => setForgetting(undefined)} />
      )}
    </>
  );
}

function ForgetPreset({
  camera,
  preset,
  onClose,
}: {
  camera: Camera;
  preset: PtzPreset;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const { name } = preset;
  const value: PresetTask = { kind: 'forget', token: preset.token };
  return (
    <ConfirmDialog
      title={t('control.forgetTitle', { name })}
      text={t('control.forgetText')}
      action={t('control.forget')}
      danger
      task={usePresetTask(camera.id)}
      value={value}
      done={t('control.forgotten', { name })}
      testId="preset"
      onClose={onClose}
    />
  );
}

/** Rounds the camera makes by itself. */
function Tours({ camera, others }: Pick<Props, 'camera' | 'others'>) {
  const { t } = useTranslation();
  const tours = useTours(camera.id);
  const task = useTourTask(camera.id);
  return (
    <>
      <Text size="xs" fw={600} mt="md" mb={4}>
        {t('control.tours')}
      </Text>
      {tours.error && (
        <Alert color="yellow" variant="light" p="xs">
          {problemText(tours.error)}
        </Alert>
      )}
      {tours.data?.length === 0 && (
        <Text size="xs" c="dimmed">
          {t('control.noTours')}
        </Text>
      )}
      <ul className={classes.rows} data-testid="ptz-tours">
        {tours.data?.map(({ token, name, running }) => (
          <li key={token} className={classes.row}>
            <span>{name}</span>
            {running && (
              <Badge size="sm" variant="light" color="teal">
                {t('control.running')}
              </Badge>
            )}
            <Button
              size="compact-xs"
              variant="default"
              disabled={others}
              onClick={() => task.mutate({ token, action: running ? 'stop' : 'start' }, { onError: tell })}
              aria-label={`${t(running ? 'control.endTour' : 'control.startTour')}: ${name}`}
            >
              {t(running ? 'control.endTour' : 'control.startTour')}
            </Button>
          </li>
        ))}
      </ul>
    </>
  );
}
