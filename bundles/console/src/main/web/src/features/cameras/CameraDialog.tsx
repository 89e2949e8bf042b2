// SPDX-License-Identifier: Apache-2.0
import {
  Alert,
  Autocomplete,
  Button,
  Group,
  Modal,
  PasswordInput,
  Select,
  Stack,
  Switch,
  TextInput,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiProblem, type FieldProblem } from '../../api/problem';
import { probeCamera, useCameras, useDrivers, useSaveCamera } from '../../api/queries';
import type { Camera, FoundDevice, ProbeReport } from '../../api/types';
import { DialogActions } from '../../ui/DialogActions';
import { fieldName } from '../../ui/fieldName';
import { problemText, problemTitle } from '../../ui/problemText';
import { driverName } from '../../ui/serverText';
import { toast } from '../../ui/toast';
import { CameraParts } from '../extensions/CameraParts';
import { cameraAt, driverFor, driverOf, isAddress, servingDrivers } from './address';
import classes from './CameraDialog.module.css';
import { DriverSettings } from './DriverSettings';
import {
  type CameraValues,
  changesOf,
  connectionDraft,
  fieldOfProblem,
  newDraft,
  shownSettings,
  splitProblems,
  valuesOf,
} from './draft';
import { FoundDevices } from './FoundDevices';
import { ProbeResult } from './ProbeResult';
import { RecordingFields } from './recording/RecordingFields';
import { RETENTION_DAYS_MAX } from './recording/settings';
import { WhatWorks } from './WhatWorks';

/** Adds a camera or changes one. */
export function CameraDialog({ existing, onClose }: { existing?: Camera; onClose: () => void }) {
  const { t } = useTranslation();
  const installed = useDrivers().data;
  const drivers = useMemo(() => servingDrivers(installed ?? []), [installed]);
  const cameras = useCameras();
  const save = useSaveCamera();
  const [problem, setProblem] = useState<string>();
  const [report, setReport] = useState<ProbeReport>();
  const [testing, setTesting] = useState(false);
  const test = useRef<AbortController | undefined>(undefined);
  // The status is renewed while the dialog is open; what is edited is the camera as it was when it opened.
  const [original] = useState(existing);
  // Until somebody chooses a driver, the address does.
  const [driverChosen, setDriverChosen] = useState(existing !== undefined);
  const form = useForm<CameraValues>({
    initialValues: valuesOf(original, ''),
    validate: {
      name: (value) => (value.trim() ? null : t('cameras.needed')),
      address: (value) => (value.trim() ? addressProblem(value) : t('cameras.needed')),
      subAddress: (value) => (value.trim() ? addressProblem(value) : null),
      driver: (value) => (value ? null : t('cameras.needed')),
      retentionDaysMin: (value, { retentionDaysMax }) =>
        value === ''
          ? t('cameras.needed')
          : Number(value) <= Number(retentionDaysMax)
            ? null
            : t('cameras.retentionOrder'),
      retentionDaysMax: (value) =>
        Number(value) >= 1 && Number(value) <= RETENTION_DAYS_MAX ? null : t('cameras.retentionRange'),
      preBufferSeconds: (value) => (value === '' ? t('cameras.needed') : null),
      postBufferSeconds: (value) => (value === '' ? t('cameras.needed') : null),
    },
  });
  function addressProblem(value: string): string | null {
    return isAddress(value)
      ? null
      : t('cameras.noAddress', { example: driver?.addressHint ?? 'rtsp://192.0.2.10/stream' });
  }
  const firstDriver = drivers[0]?.id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the drivers are known
  useEffect(() => {
    if (firstDriver && !form.values.driver) {
      form.setFieldValue('driver', driverOf(form.values.address, drivers)?.id ?? firstDriver);
    }
  }, [firstDriver]);
  useEffect(() => () => test.current?.abort(), []);

  const driver = drivers.find((candidate) => candidate.id === form.values.driver);
  const better = driverFor(form.values.address, driver, drivers);
  const settings = shownSettings(driver?.settings, original, form.values.driver);
  const twin = cameraAt(form.values.address, cameras.data ?? [], original?.id);
  const groups = [
    ...new Set((cameras.data ?? []).flatMap((camera) => (camera.group ? [camera.group] : []))),
  ].sort();

  function show(error: unknown) {
    if (!(error instanceof ApiProblem)) {
      setProblem(problemText(error));
      return;
    }
    const { fields, rest } = splitProblems(error.errors, settings);
    const field = fieldOfProblem(error.kind);
    if (Object.keys(fields).length === 0 && field && error.detail) {
      fields[field] = error.detail;
    }
    form.setErrors(fields);
    const first = Object.keys(fields)[0];
    setProblem(messageOf(error, first !== undefined, rest));
    if (first) {
      document.querySelector<HTMLElement>(`[data-field="${first}"]`)?.focus();
    }
  }

  /** What the inputs do not say already. */
  function messageOf(error: ApiProblem, atFields: boolean, rest: FieldProblem[]): string | undefined {
    if (error.status === 412) {
      return t('cameras.stale');
    }
    if (rest.length > 0) {
      return rest.map(({ field, detail }) => `${fieldName(field) ?? field}: ${detail}`).join('\n');
    }
    if (!atFields) {
      return problemText(error);
    }
    return error.errors.length > 0 ? undefined : problemTitle(error);
  }

  function chooseDriver(id: string) {
    setDriverChosen(true);
    form.setFieldValue('driver', id);
  }

  function typeAddress(address: string) {
    form.setFieldValue('address', address);
    const fits = driverChosen ? undefined : driverOf(address, drivers);
    if (fits && fits.id !== form.values.driver) {
      form.setFieldValue('driver', fits.id);
    }
  }

  /** What is typed already stays, but for where the camera is. */
  function take(device: FoundDevice) {
    setDriverChosen(true);
    form.setValues({
      name: form.values.name.trim() ? form.values.name : device.name,
      driver: device.driver,
      address: device.address,
      subAddress: '',
    });
    setReport(undefined);
    document.querySelector<HTMLElement>('[data-field="username"]')?.focus();
  }

  async function runTest() {
    const invalid = form.validateField('address').hasError || form.validateField('driver').hasError;
    if (invalid) {
      return;
    }
    test.current?.abort();
    const abort = new AbortController();
    test.current = abort;
    setTesting(true);
    setProblem(undefined);
    setReport(undefined);
    form.clearErrors();
    try {
      setReport(
        await probeCamera(connectionDraft(form.values, driver?.settings), original?.id, abort.signal),
      );
    } catch (error) {
      if (!abort.signal.aborted) {
        show(error);
      }
    } finally {
      setTesting(false);
    }
  }

  function submit(values: CameraValues) {
    setProblem(undefined);
    const missing = settings.filter(
      ({ name, required }) => required && !values.settings[name] && !original?.secretSettings?.includes(name),
    );
    if (missing.length > 0) {
      form.setErrors(
        Object.fromEntries(missing.map(({ name }) => [`settings.${name}`, t('cameras.needed')])),
      );
      return;
    }
    const draft = original
      ? changesOf(values, original, driver?.settings)
      : newDraft(values, driver?.settings);
    if (original && Object.keys(draft).length === 0) {
      onClose();
      return;
    }
    save.mutate(
      { existing: original, draft },
      {
        onSuccess: (camera) => {
          toast(t(original ? 'cameras.saved' : 'cameras.added', { name: camera.name }));
          onClose();
        },
        onError: show,
      },
    );
  }

  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={original ? t('cameras.editTitle', { name: original.name }) : t('cameras.addTitle')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form onSubmit={form.onSubmit(submit)} noValidate data-testid="camera-form">
        <Stack gap="sm">
          {!original && <FoundDevices onChoose={take} />}
          <div className={classes.two}>
            <TextInput
              label={t('cameras.field.name')}
              required
              data-autofocus
              data-field="name"
              data-testid="camera-name"
              {...form.getInputProps('name')}
            />
            <Autocomplete
              label={t('cameras.field.group')}
              data={groups}
              data-field="group"
              {...form.getInputProps('group')}
            />
          </div>
          <div className={classes.driver}>
            <Select
              label={t('cameras.field.driver')}
              required
              allowDeselect={false}
              data={drivers.map((one) => ({ value: one.id, label: driverName(one) }))}
              data-field="driver"
              {...form.getInputProps('driver')}
              onChange={(id) => id && chooseDriver(id)}
            />
            <TextInput
              label={t('cameras.field.address')}
              required
              placeholder={driver?.addressHint}
              spellCheck={false}
              data-field="address"
              data-testid="camera-address"
              {...form.getInputProps('address')}
              onChange={(event) => typeAddress(event.currentTarget.value)}
            />
          </div>
          {better && (
            <Alert color="blue" variant="light" p="xs" data-testid="camera-better-driver">
              <Group gap="sm" justify="space-between">
                <span>
                  {t('cameras.betterDriver', {
                    driver: driver && driverName(driver),
                    better: driverName(better),
                  })}
                </span>
                <Button size="compact-xs" variant="light" onClick={() => chooseDriver(better.id)}>
                  {t('cameras.takeDriver', { driver: driverName(better) })}
                </Button>
              </Group>
            </Alert>
          )}
          {twin && (
            <Alert color="yellow" variant="light" p="xs" role="status" data-testid="camera-twin">
              {t('cameras.twin', { name: twin.name })}
            </Alert>
          )}
          {(driver?.hasSubAddress ?? true) && (
            <TextInput
              label={t('cameras.field.subAddress')}
              description={t('cameras.subHint')}
              spellCheck={false}
              data-field="subAddress"
              {...form.getInputProps('subAddress')}
            />
          )}
          <div className={classes.two}>
            <TextInput
              label={t('cameras.field.username')}
              autoComplete="off"
              spellCheck={false}
              data-field="username"
              {...form.getInputProps('username')}
            />
            <PasswordInput
              label={t('cameras.field.password')}
              placeholder={original?.hasPassword ? t('cameras.unchanged') : undefined}
              autoComplete="new-password"
              data-field="password"
              {...form.getInputProps('password')}
            />
          </div>
          {settings.length > 0 && (
            <DriverSettings
              key={form.values.driver}
              form={form}
              settings={settings}
              camera={original?.driver === form.values.driver ? original : undefined}
            />
          )}
          <RecordingFields
            form={form}
            hasSub={
              form.values.subAddress.trim() !== '' ||
              form.values.subMode !== 'off' ||
              driver?.hasSubAddress === false
            }
          />
          <Switch
            label={t('cameras.field.enabled')}
            {...form.getInputProps('enabled', { type: 'checkbox' })}
          />
          {original && <CameraParts camera={original} />}
          {original && <WhatWorks cameraId={original.id} />}
          {report && <ProbeResult report={report} />}
          <DialogActions
            action={t(original ? 'common.save' : 'cameras.add')}
            testId="camera"
            busy={save.isPending}
            error={problem}
            onCancel={onClose}
            stays
          >
            <Button
              variant="default"
              loading={testing}
              onClick={() => void runTest()}
              data-testid="camera-test"
            >
              {t('cameras.test')}
            </Button>
          </DialogActions>
        </Stack>
      </form>
    </Modal>
  );
}
