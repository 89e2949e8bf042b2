// SPDX-License-Identifier: Apache-2.0
import { Alert, Loader, NumberInput, Select, Stack, Switch, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  type EncoderSettings,
  type NumberRange,
  type Resolution,
  useChangeEncoder,
  useEncoders,
  type VideoEncoder,
} from '../../api/encoders';
import { ApiProblem } from '../../api/problem';
import { wordFor } from '../../i18n';
import { problemText } from '../../ui/problemText';
import { Differences } from './Differences';
import { FormButtons } from './FormButtons';

interface Props {
  cameraId: string;
  canManage: boolean;
}

/** How the camera encodes each of its streams: seen by who may see its configuration, set by who manages it. */
export function EncodersSection({ cameraId, canManage }: Props) {
  const { t } = useTranslation();
  const encoders = useEncoders(cameraId);
  if (encoders.error) {
    return (
      <Alert color="yellow" variant="light" p="xs" data-testid="encoders-problem">
        {problemText(encoders.error)}
      </Alert>
    );
  }
  return encoders.data ? (
    <Stack gap="md">
      <Text size="xs" c="dimmed">
        {t(canManage ? 'control.encoders.hint' : 'control.imagingReadOnly')}
      </Text>
      {encoders.data.map((encoder) => (
        <EncoderForm key={encoder.token} cameraId={cameraId} encoder={encoder} canManage={canManage} />
      ))}
    </Stack>
  ) : (
    <Loader size="sm" />
  );
}

type Typed = Partial<EncoderSettings>;

const text = ({ width, height }: Resolution) => `${width}x${height}`;
const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

function EncoderForm({ cameraId, encoder, canManage }: Props & { encoder: VideoEncoder }) {
  const { t } = useTranslation();
  const { token, name, streams, settings } = encoder;
  const change = useChangeEncoder(cameraId, token);
  /** What was chosen and is not sent yet. */
  const [typed, setTyped] = useState<Typed>({});
  const shown = { ...settings, ...typed };
  const options = encoder.options.find(({ codec }) => codec === shown.codec);
  const changes = Object.fromEntries(
    Object.entries(typed).filter(
      ([field, value]) => value !== undefined && !same(value, settings[field as keyof EncoderSettings]),
    ),
  ) as Typed;
  const set = (some: Typed) => {
    change.reset();
    setTyped({ ...typed, ...some });
  };
  const fields = change.error instanceof ApiProblem ? change.error.errors : [];
  const errorOf = (field: string) => fields.find((error) => error.field === field)?.detail;
  const of = (field: keyof EncoderSettings) => ({
    size: 'xs',
    label: t(`control.encoders.field.${field}`),
    disabled: !canManage,
    error: errorOf(field),
    'data-testid': `encoder-${token}-${field}`,
  });
  const number = (
    field: 'frameRate' | 'bitrateKbps' | 'quality' | 'keyFrameInterval',
    range: NumberRange,
  ) => (
    <NumberInput
      {...of(field)}
      min={range.min}
      max={range.max}
      clampBehavior="none"
      allowDecimal={field === 'frameRate' || field === 'quality'}
      description={`${range.min} – ${range.max}`}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      value={shown[field] ?? ''}
      onChange={(value) => set({ [field]: value === '' ? undefined : Number(value) })}
    />
  );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate(changes, { onSuccess: () => setTyped({}) });
      }}
      noValidate
      aria-label={streams.map((stream) => t(`control.encoders.stream.${stream}`)).join(', ') || name || token}
      data-testid={`encoder-${token}`}
    >
      <Stack gap="xs">
        <Text size="sm" fw={600}>
          {streams.map((stream) => wordFor('control.encoders.stream', stream)).join(', ') || name || token}
        </Text>
        <Select
          {...of('codec')}
          allowDeselect={false}
          data={encoder.options.map(({ codec }) => ({
            value: codec,
            label: wordFor('control.encoders.codec', codec),
          }))}
          value={shown.codec}
          // What was chosen of another codec's options means nothing to this one.
          onChange={(codec) => {
            change.reset();
            setTyped(codec ? { codec, resolution: shown.resolution } : {});
          }}
        />
        {options && (
          <>
            <Select
              {...of('resolution')}
              allowDeselect={false}
              data={options.resolutions.map(text)}
              value={text(shown.resolution)}
              onChange={(size) =>
                set({ resolution: options.resolutions.find((one) => text(one) === size) ?? shown.resolution })
              }
            />
            {options.frameRates.length > 0 ? (
              <Select
                {...of('frameRate')}
                allowDeselect={false}
                data={options.frameRates.map(String)}
                value={shown.frameRate === undefined ? null : String(shown.frameRate)}
                onChange={(rate) => set({ frameRate: rate === null ? undefined : Number(rate) })}
              />
            ) : (
              options.frameRate && number('frameRate', options.frameRate)
            )}
            {options.bitrateKbps && number('bitrateKbps', options.bitrateKbps)}
            {options.constantBitrate && (
              <Switch
                {...of('constantBitrate')}
                checked={shown.constantBitrate ?? false}
                onChange={(event) => set({ constantBitrate: event.currentTarget.checked })}
              />
            )}
            {options.quality && number('quality', options.quality)}
            {options.keyFrameInterval && number('keyFrameInterval', options.keyFrameInterval)}
            {options.profiles.length > 0 && (
              <Select
                {...of('profile')}
                allowDeselect={false}
                data={options.profiles}
                value={shown.profile ?? null}
                onChange={(profile) => set({ profile: profile ?? undefined })}
              />
            )}
          </>
        )}
        {change.error && fields.length === 0 && (
          <Alert color="red" variant="light" p="xs" role="alert" data-testid={`encoder-refused-${token}`}>
            {problemText(change.error)}
          </Alert>
        )}
        {change.data && (
          <Differences
            differences={change.data.differences}
            nameOf={(field) => t(`control.encoders.field.${field}`, { defaultValue: field })}
            testId={(what) => `encoder-${what}-${token}`}
          />
        )}
        {canManage && (
          <FormButtons
            isTouched={Object.keys(typed).length > 0}
            isChanged={Object.keys(changes).length > 0}
            isPending={change.isPending}
            onReset={() => {
              setTyped({});
              change.reset();
            }}
            testId={`encoder-save-${token}`}
          />
        )}
      </Stack>
    </form>
  );
}
