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
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../../api/problem';
import { probeCamera, useCameras, useDrivers, useSaveCamera } from '../../api/queries';
import type { Camera, ProbeReport } from '../../api/types';
import { problemText } from '../../ui/problemText';
import { toast } from '../../ui/toast';
import classes from './CameraDialog.module.css';
import {
  type CameraValues,
  changesOf,
  connectionDraft,
  fieldOfProblem,
  newDraft,
  splitProblems,
  valuesOf,
} from './draft';
import { ProbeResult } from './ProbeResult';
import { RecordingFields } from './recording/RecordingFields';

const RETENTION_DAYS_MAX = 3650;

/** Adds a camera or changes one. */
export function CameraDialog({ existing, onClose }: { existing?: Camera; onClose: () => void }) {
  const { t } = useTranslation();
  const drivers = useDrivers();
  const cameras = useCameras();
  const save = useSaveCamera();
  const [problem, setProblem] = useState<string>();
  const [report, setReport] = useState<ProbeReport>();
  const [testing, setTesting] = useState(false);
  const test = useRef<AbortController | undefined>(undefined);
  // The status is renewed while the dialog is open; what is edited is the camera as it was when it opened.
  const [original] = useState(existing);
  const form = useForm<CameraValues>({
    initialValues: valuesOf(original, ''),
    validate: {
      name: (value) => (value.trim() ? null : t('cameras.needed')),
      address: (value) => (value.trim() ? null : t('cameras.needed')),
      driver: (value) => (value ? null : t('cameras.needed')),
      retentionDaysMax: (value) =>
        Number(value) >= 1 && Number(value) <= RETENTION_DAYS_MAX ? null : t('cameras.retentionRange'),
    },
  });
  const firstDriver = drivers.data?.[0]?.id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the drivers are known
  useEffect(() => {
    if (firstDriver && !form.values.driver) {
      form.setFieldValue('driver', firstDriver);
    }
  }, [firstDriver]);
  useEffect(() => () => test.current?.abort(), []);

  const driver = drivers.data?.find((candidate) => candidate.id === form.values.driver);
  const groups = [
    ...new Set((cameras.data ?? []).flatMap((camera) => (camera.group ? [camera.group] : []))),
  ].sort();

  function show(error: unknown) {
    if (!(error instanceof ApiProblem)) {
      setProblem(problemText(error));
      return;
    }
    const { fields, rest } = splitProblems(error.errors);
    const field = fieldOfProblem(error.kind);
    if (Object.keys(fields).length === 0 && field && error.detail) {
      fields[field] = error.detail;
    }
    form.setErrors(fields);
    const text = rest.map(({ field: name, detail }) => `${name}: ${detail}`).join('\n');
    setProblem(error.status === 412 ? t('cameras.stale') : text || problemText(error));
    const first = Object.keys(fields)[0];
    if (first) {
      document.querySelector<HTMLElement>(`[data-field="${first}"]`)?.focus();
    }
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
      setReport(await probeCamera(connectionDraft(form.values), original?.id, abort.signal));
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
    const draft = original ? changesOf(values, original) : newDraft(values);
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
              data={(drivers.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
              data-field="driver"
              {...form.getInputProps('driver')}
            />
            <TextInput
              label={t('cameras.field.address')}
              required
              placeholder={driver?.addressHint}
              spellCheck={false}
              data-field="address"
              data-testid="camera-address"
              {...form.getInputProps('address')}
            />
          </div>
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
          {report && <ProbeResult report={report} />}
          {problem && (
            <Alert color="red" variant="light" role="alert" data-testid="camera-problem">
              <span className={classes.problem}>{problem}</span>
            </Alert>
          )}
          <Group justify="space-between" mt="xs">
            <Button
              variant="default"
              loading={testing}
              onClick={() => void runTest()}
              data-testid="camera-test"
            >
              {t('cameras.test')}
            </Button>
            <Group gap="sm">
              <Button variant="subtle" color="gray" onClick={onClose}>
                {t('common.cancel')}
              </Button>
              <Button type="submit" loading={save.isPending} data-testid="camera-save">
                {t(original ? 'common.save' : 'cameras.add')}
              </Button>
            </Group>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
