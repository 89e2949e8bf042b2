// SPDX-License-Identifier: Apache-2.0
import { Alert, Badge, Button, Group, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { type SignedInSession, useEndSession, useSessions } from '../../api/account';
import { problemText } from '../../ui/problemText';
import { dateTime } from '../../ui/time';
import { toast } from '../../ui/toast';

/** Where the user is signed in; whoever finds a stranger there ends it. */
export function SessionList() {
  const { t } = useTranslation();
  const sessions = useSessions();
  const ending = useEndSession();
  const failed = sessions.error ?? ending.error;
  const others = sessions.data?.some((session) => !session.current);
  return (
    <section>
      <Title order={2} size="h4" mb="xs">
        {t('account.sessions.title')}
      </Title>
      {failed && (
        <Alert color="red" variant="light" mb="sm" role="alert">
          {problemText(failed)}
        </Alert>
      )}
      <Stack gap="sm" data-testid="sessions">
        {sessions.data?.map((session) => (
          <SessionLine
            key={session.id}
            session={session}
            onEnd={() => ending.mutate(session.id, { onSuccess: () => toast(t('account.sessions.ended')) })}
          />
        ))}
      </Stack>
      {others && (
        <Button
          variant="default"
          size="xs"
          mt="md"
          loading={ending.isPending}
          onClick={() =>
            ending.mutate(undefined, { onSuccess: () => toast(t('account.sessions.endedOthers')) })
          }
          data-testid="sessions-end-others"
        >
          {t('account.sessions.endOthers')}
        </Button>
      )}
    </section>
  );
}

function SessionLine({ session, onEnd }: { session: SignedInSession; onEnd: () => void }) {
  const { t } = useTranslation();
  return (
    <Group justify="space-between" wrap="nowrap" data-testid={`session-${session.id}`}>
      <div>
        <Text size="sm" fw={600} lineClamp={2}>
          {session.client ?? t('account.sessions.unknown')}
        </Text>
        <Text size="xs" c="dimmed">
          {t('account.sessions.seen', {
            address: session.address ?? '?',
            begun: dateTime(Date.parse(session.begun)),
            seen: dateTime(Date.parse(session.seen)),
          })}
        </Text>
      </div>
      {session.current ? (
        <Badge variant="light" flex="none">
          {t('account.sessions.this')}
        </Badge>
      ) : (
        <Button variant="subtle" size="compact-sm" onClick={onEnd} data-testid={`session-end-${session.id}`}>
          {t('account.sessions.end')}
        </Button>
      )}
    </Group>
  );
}
