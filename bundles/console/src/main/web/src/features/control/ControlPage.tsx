// SPDX-License-Identifier: Apache-2.0
import { Alert, Anchor, Center, Loader, Text } from '@mantine/core';
import { lazy, Suspense, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { type PtzTurn, usePtz, usePtzTurn } from '../../api/control';
import { useCameras } from '../../api/queries';
import type { Camera } from '../../api/types';
import { mayWith, useMay } from '../../ui/permissions';
import { ExtensionElement } from '../extensions/ExtensionElement';
import { useContributions, useTitles } from '../extensions/useExtensions';
import classes from './ControlPage.module.css';
import { DeviceSection } from './DeviceSection';
import { DeviceUsers } from './DeviceUsers';
import { EdgeSection } from './EdgeSection';
import { EncodersSection } from './EncodersSection';
import { GamepadSection } from './gamepad/GamepadSection';
import { ImagingSection } from './ImagingSection';
import { PortsSection } from './PortsSection';
import { PresetsAndTours } from './PresetsAndTours';
import { PtzPad } from './PtzPad';
import { Section } from './Section';
import { Stage } from './Stage';
import { TalkSection } from './TalkSection';
import { isOthers, TurnNotice } from './TurnNotice';
import { type Mover, useMove } from './useMove';
import { usePresetKeys } from './usePresetKeys';

const MotionMaskSection = lazy(() =>
  import('./MotionMaskSection').then((part) => ({ default: part.MotionMaskSection })),
);
const PrivacyMasksSection = lazy(() =>
  import('./PrivacyMasksSection').then((part) => ({ default: part.PrivacyMasksSection })),
);

/** One camera with all that can be done with it, beside its picture. */
export function ControlPage() {
  const { t } = useTranslation();
  const { cameraId } = useParams();
  const cameras = useCameras().data;
  if (!cameras) {
    return null;
  }
  const camera = cameras.find(({ id }) => id === cameraId);
  return camera ? (
    <CameraControl key={camera.id} camera={camera} />
  ) : (
    <Center c="dimmed" fz="sm">
      {t('playback.noSuchCamera')}
    </Center>
  );
}

const can = ({ status }: Camera, capability: string) =>
  status.driverPresent && (status.device?.capabilities.includes(capability) ?? false);

function CameraControl({ camera }: { camera: Camera }) {
  return can(camera, 'ptz') && mayWith(camera, 'control_ptz') ? (
    <SteeredCamera camera={camera} />
  ) : (
    <div className={classes.page}>
      <Stage camera={camera} />
      <Panel camera={camera} />
    </div>
  );
}

/** One that can be moved: its picture is steered too. */
function SteeredCamera({ camera }: { camera: Camera }) {
  const ptz = usePtz(camera.id);
  const turn = usePtzTurn(camera.id).data;
  const others = isOthers(turn);
  const mover = useMove(camera.id, ptz.data);
  const goPreset = usePresetKeys(camera.id, can(camera, 'ptz_presets') && !others);
  return (
    <div className={classes.page}>
      <Stage camera={camera} mover={others ? undefined : mover} />
      <Panel camera={camera} mover={mover} turn={turn} goPreset={goPreset} ptzError={ptz.error} />
    </div>
  );
}

interface PanelProps {
  camera: Camera;
  mover?: Mover;
  turn?: PtzTurn;
  goPreset?: (number: number) => void;
  ptzError?: Error | null;
}

function Panel({ camera, mover, turn, goPreset, ptzError }: PanelProps) {
  const { t } = useTranslation();
  const maySee = mayWith(camera, 'view_configuration');
  const canManage = mayWith(camera, 'manage_cameras');
  const has = (capability: string) => can(camera, capability);
  const offered = {
    ptz: mover !== undefined,
    imaging: mayWith(camera, 'control_imaging') && has('imaging'),
    encoders: maySee && has('encoders'),
    masks: maySee && has('privacy_masks'),
    io: has('io'),
    talk: mayWith(camera, 'talk') && has('audio_out'),
    edge: has('edge_recordings'),
    users: canManage && has('device_users'),
    // Looking is a viewer's right too; clock and identity are configuration.
    device: has('snapshot') || (maySee && has('clock')) || (canManage && has('reboot')),
  };
  const brought = useContributions('camera.tab');
  return (
    <aside
      className={classes.panel}
      aria-label={t('control.title', { name: camera.name })}
      data-testid="control-panel"
    >
      <Missing camera={camera} nothing={brought.length === 0 && !Object.values(offered).some(Boolean)} />
      {mover && (
        <Section id="ptz" title={t('control.ptz')} opened>
          <TurnNotice cameraId={camera.id} turn={turn} />
          <fieldset
            className={classes.controls}
            disabled={isOthers(turn)}
            aria-label={t('control.ptz')}
            data-testid="ptz-controls"
          >
            <PtzPad mover={mover} error={ptzError} />
          </fieldset>
          <PresetsAndTours
            camera={camera}
            hasPresets={has('ptz_presets')}
            hasTours={has('ptz_tours')}
            others={isOthers(turn)}
          />
          {goPreset && !isOthers(turn) && <GamepadSection mover={mover} goPreset={goPreset} />}
        </Section>
      )}
      {offered.talk && (
        <Section id="talk" title={t('control.talk')} opened={!mover}>
          <TalkSection cameraId={camera.id} />
        </Section>
      )}
      {offered.io && (
        <Section id="io" title={t('control.io')} opened={!mover}>
          <PortsSection cameraId={camera.id} mayControl={mayWith(camera, 'control_io')} />
        </Section>
      )}
      {offered.imaging && (
        <Section id="imaging" title={t('control.imaging')}>
          <ImagingSection cameraId={camera.id} canManage={canManage} />
        </Section>
      )}
      {offered.encoders && (
        <Section id="encoders" title={t('control.encoders.title')}>
          <EncodersSection cameraId={camera.id} canManage={canManage} />
        </Section>
      )}
      {canManage && (
        <Section id="motion-mask" title={t('control.motionMask.title')}>
          <Suspense fallback={<Loader size="sm" />}>
            <MotionMaskSection camera={camera} />
          </Suspense>
        </Section>
      )}
      {offered.masks && (
        <Section id="privacy-masks" title={t('control.privacyMasks.title')}>
          <Suspense fallback={<Loader size="sm" />}>
            <PrivacyMasksSection camera={camera} canManage={canManage} />
          </Suspense>
        </Section>
      )}
      {offered.edge && (
        <Section id="edge" title={t('control.edge')}>
          <EdgeSection camera={camera} />
        </Section>
      )}
      {offered.users && (
        <Section id="users" title={t('control.deviceUsers')}>
          <DeviceUsers camera={camera} />
        </Section>
      )}
      {offered.device && (
        <Section id="device" title={t('control.device')} opened={!mover}>
          <DeviceSection
            camera={camera}
            hasSnapshot={has('snapshot')}
            hasClock={maySee && has('clock')}
            hasReboot={canManage && has('reboot')}
          />
        </Section>
      )}
      <Brought camera={camera} />
    </aside>
  );
}

/** What extensions add. */
function Brought({ camera: { id, name } }: { camera: Camera }) {
  const brought = useContributions('camera.tab');
  const title = useTitles();
  const context = useMemo(() => ({ cameraId: id, cameraName: name }), [id, name]);
  return brought.map((tab) => (
    <Section key={tab.key} id={`${tab.extension.id}-${tab.name}`} title={title(tab)}>
      <ExtensionElement contribution={tab} context={context} />
    </Section>
  ));
}

/** Why there is nothing to be done with the camera. */
function Missing({ camera, nothing }: { camera: Camera; nothing: boolean }) {
  const { t } = useTranslation();
  const maySee = useMay('view_configuration');
  const { status, driver } = camera;
  if (!status.driverPresent) {
    return (
      <Alert
        color="yellow"
        variant="light"
        m="sm"
        title={t('control.driverMissing')}
        data-testid="control-driver-missing"
      >
        <Text size="sm">{t('control.driverMissingText', { driver })}</Text>
        {maySee && (
          <Anchor component={Link} to="/plugins" size="sm" underline="always">
            {t('plugins.title')}
          </Anchor>
        )}
      </Alert>
    );
  }
  return nothing ? (
    <Text size="sm" c="dimmed" p="md" data-testid="control-nothing">
      {t(status.device ? 'control.nothing' : 'control.notAsked')}
    </Text>
  ) : null;
}
