// SPDX-License-Identifier: Apache-2.0
import {
  Alert,
  Button,
  Group,
  Loader,
  NumberInput,
  Select,
  Stack,
  Switch,
  Text,
  TextInput,
} from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Imaging, useChangeImaging, useImaging, useImagingAction } from '../../api/control';
import { ApiProblem } from '../../api/problem';
import type { DriverSetting } from '../../api/types';
import { wording } from '../../i18n';
import { problemText } from '../../ui/problemText';
import { toast } from '../../ui/toast';
import { FormButtons } from './FormButtons';

/** How the camera makes its picture: seen by operators, changed by administrators, for everybody and for what is recorded. */
export function ImagingSection({ cameraId, canManage }: { cameraId: string; canManage: boolean }) {
  const imaging = useImaging(cameraId);
  if (imaging.error) {
    return (
      <Alert color="yellow" variant="light" p="xs" data-testid="imaging-problem">
        {problemText(imaging.error)}
      </Alert>
    );
  }
  return imaging.data ? (
    <ImagingForm cameraId={cameraId} imaging={imaging.data} canManage={canManage} />
  ) : (
    <Loader size="sm" />
  );
}

interface FormProps {
  cameraId: string;
  imaging: Imaging;
  canManage: boolean;
}

function ImagingForm({ cameraId, imaging, canManage }: FormProps) {
  const { t } = useTranslation();
  const change = useChangeImaging(cameraId);
  const action = useImagingAction(cameraId);
  /** What was typed and is not sent yet. */
  const [typed, setTyped] = useState<Record<string, string>>({});
  const { settings, values, actions } = imaging;
  const types = new Map(settings.map(({ name, type }) => [name, type]));
  // A number that is being typed anew is empty for a moment; a text may be meant to be.
  const changes = Object.fromEntries(
    Object.entries(typed).filter(
      ([name, value]) => (value !== '' || types.get(name) === 'string') && value !== (values[name] ?? ''),
    ),
  );
  const fields = change.error instanceof ApiProblem ? change.error.errors : [];
  const errorOf = (name: string) => fields.find(({ field }) => field === `values.${name}`)?.detail;
  const elsewhere = change.error && !settings.some(({ name }) => errorOf(name));
  const send = () =>
    change.mutate(changes, {
      onSuccess: () => {
        setTyped({});
        toast(t('control.imagingSaved'));
      },
    });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
      noValidate
      data-testid="imaging-form"
    >
      <Stack gap="xs">
        <Text size="xs" c="dimmed">
          {t(canManage ? 'control.imagingHint' : 'control.imagingReadOnly')}
        </Text>
        {settings.map((setting) => (
          <ImagingField
            key={setting.name}
            setting={setting}
            value={typed[setting.name] ?? values[setting.name] ?? ''}
            disabled={!canManage}
            error={errorOf(setting.name)}
            onChange={(value) => setTyped({ ...typed, [setting.name]: value })}
          />
        ))}
        {elsewhere && (
          <Alert color="red" variant="light" p="xs" role="alert" data-testid="imaging-refused">
            {problemText(change.error)}
          </Alert>
        )}
        {canManage && settings.length > 0 && (
          <FormButtons
            isTouched={Object.keys(typed).length > 0}
            isChanged={Object.keys(changes).length > 0}
            isPending={change.isPending}
            onReset={() => {
              setTyped({});
              change.reset();
            }}
            testId="imaging-save"
          />
        )}
        {actions.length > 0 && (
          <Group gap="xs">
            {actions.map(({ name, title }) => (
              <Button
                key={name}
                size="xs"
                variant="default"
                loading={action.isPending && action.variables === name}
                onClick={() =>
                  action.mutate(name, {
                    onSuccess: () => toast(t('control.performed', { name: wording(title) })),
                    onError: (error) => toast(problemText(error), 'error'),
                  })
                }
                data-testid={`imaging-action-${name}`}
              >
                {wording(title)}
              </Button>
            ))}
          </Group>
        )}
      </Stack>
    </form>
  );
}

interface FieldProps {
  setting: DriverSetting;
  value: string;
  disabled: boolean;
  error: string | undefined;
  onChange: (value: string) => void;
}

function ImagingField({ setting, value, disabled, error, onChange }: FieldProps) {
  const { name, type, min, max } = setting;
  const common = {
    size: 'xs',
    label: wording(setting.title),
    error,
    disabled,
    'data-testid': `imaging-${name}`,
  };
  switch (type) {
    case 'boolean':
      return (
        <Switch
          {...common}
          checked={value === 'true'}
          onChange={(event) => onChange(String(event.currentTarget.checked))}
        />
      );
    case 'choice':
      return (
        <Select
          {...common}
          allowDeselect={false}
          data={(setting.choices ?? []).map((choice) => ({
            value: choice.value,
            label: wording(choice.title),
          }))}
          value={value || null}
          onChange={(next) => onChange(next ?? '')}
        />
      );
    case 'integer':
      return (
        <NumberInput
          {...common}
          min={min}
          max={max}
          clampBehavior="none"
          allowDecimal={false}
          description={min !== undefined && max !== undefined ? `${min} – ${max}` : undefined}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          value={value === '' ? '' : Number(value)}
          onChange={(next) => onChange(String(next))}
        />
      );
    default:
      return (
        <TextInput {...common} value={value} onChange={(event) => onChange(event.currentTarget.value)} />
      );
  }
}
