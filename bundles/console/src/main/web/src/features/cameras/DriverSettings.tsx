// SPDX-License-Identifier: Apache-2.0
import {
  Button,
  Collapse,
  Group,
  NumberInput,
  PasswordInput,
  Select,
  Switch,
  TextInput,
} from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Camera, DriverSetting } from '../../api/types';
import { wording } from '../../i18n';
import classes from './CameraDialog.module.css';
import type { CameraValues } from './draft';

interface Props {
  form: UseFormReturnType<CameraValues>;
  settings: readonly DriverSetting[];
  camera?: Camera;
}

/** What the driver asks for beyond the address, drawn from its own description; folded away unless it is used. */
export function DriverSettings({ form, settings, camera }: Props) {
  const { t } = useTranslation();
  const used = settings.some(
    ({ name, required }) => required || form.values.settings[name] || camera?.secretSettings?.includes(name),
  );
  const failing = Object.keys(form.errors).some((field) => field.startsWith('settings.'));
  const [opened, setOpened] = useState<boolean>();
  const open = (opened ?? used) || failing;
  const Chevron = open ? IconChevronDown : IconChevronRight;
  return (
    <div>
      <Button
        variant="subtle"
        color="gray"
        size="compact-sm"
        leftSection={<Chevron size={15} />}
        aria-expanded={open}
        onClick={() => setOpened(!open)}
        data-testid="driver-settings-toggle"
      >
        {t('driverSettings.title')}
      </Button>
      <Collapse expanded={open} transitionDuration={0}>
        <div className={classes.settings} data-testid="driver-settings">
          {settings.map((setting) => (
            <SettingField
              key={setting.name}
              setting={setting}
              value={form.values.settings[setting.name]}
              stored={camera?.secretSettings?.includes(setting.name) ?? false}
              error={form.errors[`settings.${setting.name}`]}
              onChange={(value) => {
                form.clearFieldError(`settings.${setting.name}`);
                form.setFieldValue('settings', { ...form.values.settings, [setting.name]: value });
              }}
            />
          ))}
        </div>
      </Collapse>
    </div>
  );
}

interface FieldProps {
  setting: DriverSetting;
  /** Empty: the driver's default; null: a stored secret is to go. */
  value: string | null | undefined;
  /** Whether there is a secret, which is never shown. */
  stored: boolean;
  error: ReactNode;
  onChange: (value: string | null) => void;
}

function SettingField({ setting, value, stored, error, onChange }: FieldProps) {
  const { t } = useTranslation();
  const { name, type, defaultValue, required } = setting;
  const field = `settings.${name}`;
  const common = {
    label: wording(setting.title),
    description: setting.description && wording(setting.description),
    error,
    required,
    'data-field': field,
    'data-testid': `setting-${name}`,
  };
  /** What is the default anyway is not stored: a newer driver may have a better one. */
  const set = (next: string) => onChange(next === defaultValue ? '' : next);
  switch (type) {
    case 'boolean':
      return (
        <Switch
          {...common}
          required={undefined}
          className={classes.switch}
          checked={(value || defaultValue) === 'true'}
          onChange={(event) => set(String(event.currentTarget.checked))}
        />
      );
    case 'choice':
      return (
        <Select
          {...common}
          data={(setting.choices ?? []).map((choice) => ({
            value: choice.value,
            label: wording(choice.title),
          }))}
          value={value || defaultValue || null}
          placeholder={t('driverSettings.automatic')}
          clearable={defaultValue === undefined}
          allowDeselect={false}
          onChange={(next) => set(next ?? '')}
        />
      );
    case 'integer':
      return (
        <NumberInput
          {...common}
          min={setting.min}
          max={setting.max}
          allowDecimal={false}
          placeholder={defaultValue}
          value={value ?? ''}
          onChange={(next) => set(String(next))}
        />
      );
    case 'secret':
      return (
        <Group align="flex-end" gap="xs" wrap="nowrap">
          <PasswordInput
            {...common}
            className={classes.grow}
            placeholder={stored && value !== null ? t('cameras.unchanged') : undefined}
            autoComplete="new-password"
            value={value ?? ''}
            onChange={(event) => onChange(event.currentTarget.value)}
          />
          {stored && !required && value !== null && (
            <Button
              variant="default"
              onClick={() => onChange(null)}
              aria-label={t('driverSettings.forget', { name: common.label })}
            >
              {t('common.clear')}
            </Button>
          )}
        </Group>
      );
    default:
      return (
        <TextInput
          {...common}
          spellCheck={false}
          placeholder={defaultValue}
          value={value ?? ''}
          onChange={(event) => set(event.currentTarget.value)}
        />
      );
  }
}
