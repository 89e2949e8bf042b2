// SPDX-License-Identifier: Apache-2.0
import { Alert, Button, Loader, Progress, Text } from '@mantine/core';
import { IconMicrophone, IconMicrophoneOff } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type TalkFormat, useTalk } from '../../api/control';
import { useSession } from '../../api/session';
import { problemText } from '../../ui/problemText';
import { speakable, type TalkEnd, TalkLine, type TalkPhase } from './talk/talkLine';

/** Talking through the camera's loudspeaker. */
export function TalkSection({ cameraId }: { cameraId: string }) {
  const { t } = useTranslation();
  const talk = useTalk(cameraId);
  const me = useSession((state) => state.user?.username);
  if (talk.error && !talk.data) {
    return (
      <Alert color="yellow" variant="light" p="xs" data-testid="talk-problem">
        {problemText(talk.error)}
      </Alert>
    );
  }
  if (!talk.data) {
    return <Loader size="sm" />;
  }
  const { formats, talker } = talk.data;
  const format = speakable(formats);
  if (!format) {
    return (
      <Text size="xs" c="dimmed">
        {t('control.noTalkFormat', { formats: formats.map(({ codec }) => codec.toUpperCase()).join(', ') })}
      </Text>
    );
  }
  return (
    <>
      {talker && talker !== me && (
        <Text size="xs" mb="xs">
          {t('control.talker', { name: talker })}
        </Text>
      )}
      <TalkButton cameraId={cameraId} format={format} onChange={() => void talk.refetch()} />
    </>
  );
}

interface ButtonProps {
  cameraId: string;
  format: TalkFormat;
  onChange: () => void;
}

function TalkButton({ cameraId, format, onChange }: ButtonProps) {
  const { t } = useTranslation();
  const [phase, setPhase] = useState<TalkPhase>('idle');
  const [level, setLevel] = useState(0);
  const [ended, setEnded] = useState<TalkEnd>();
  const line = useRef<TalkLine>(undefined);
  useEffect(() => () => line.current?.close(), []);
  const talking = phase === 'talking';
  const begin = () => {
    setEnded(undefined);
    setPhase('connecting');
    line.current = TalkLine.open(cameraId, format, {
      onTalking: () => {
        setPhase('talking');
        onChange();
      },
      onLevel: setLevel,
      onEnd: (end) => {
        setPhase('idle');
        setLevel(0);
        setEnded(end.reason === 'done' ? undefined : end);
        onChange();
      },
    });
  };
  return (
    <>
      <Button
        fullWidth
        color={talking ? 'red.9' : undefined}
        variant={talking ? 'filled' : 'default'}
        leftSection={talking ? <IconMicrophone size={17} /> : <IconMicrophoneOff size={17} />}
        loading={phase === 'connecting'}
        aria-pressed={talking}
        onClick={talking ? () => line.current?.close() : begin}
        data-testid="talk-button"
        data-phase={phase}
      >
        {t(talking ? 'control.endTalk' : 'control.beginTalk')}
      </Button>
      {talking && (
        <Progress
          size="sm"
          mt={6}
          value={level * 100}
          transitionDuration={80}
          aria-label={t('control.level')}
          color={level > 0.95 ? 'red' : 'teal'}
        />
      )}
      {ended && (
        <Alert color="yellow" variant="light" p="xs" mt="xs" role="alert" data-testid="talk-ended">
          {t(`control.talkEnd.${ended.reason}`)}
          {ended.detail && (
            <Text size="xs" lang="en">
              {ended.detail}
            </Text>
          )}
        </Alert>
      )}
      <Text size="xs" c="dimmed" mt={6}>
        {t('control.talkHint')}
      </Text>
    </>
  );
}
