// SPDX-License-Identifier: Apache-2.0
import { Button, Code, Modal } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditEntry } from '../../api/audit';
import { preciseTime } from '../../ui/time';
import classes from './AuditDetail.module.css';
import { actionText, outcomeOf } from './actionText';
import { changesOf } from './changes';
import { type Names, subjectText } from './names';

interface Props {
  entry: AuditEntry;
  names: Names;
  onClose: () => void;
}

/** What was noted of one thing that was done, in words; as it was noted when somebody asks for all of it. */
export function AuditDetail({ entry, names, onClose }: Props) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const { subject, apiKey } = entry;
  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={actionText(entry.action)}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <dl className={classes.facts} data-testid="audit-detail">
        <Fact name={t('audit.column.time')}>{preciseTime(Date.parse(entry.at))}</Fact>
        <Fact name={t('audit.column.who')}>{entry.user}</Fact>
        <Fact name={t('audit.column.key')}>{apiKey && (names.get(apiKey) ?? apiKey)}</Fact>
        <Fact name={t('audit.column.outcome')}>{t(`audit.${outcomeOf(entry)}`)}</Fact>
        <Fact name={t('audit.column.subject')}>{subject && subjectText(subject, names)}</Fact>
        <Fact name={t('audit.column.address')}>{entry.address}</Fact>
        {changesOf(entry, names).map(({ field, label, was, is }) => (
          <Fact key={field} name={label} testId={`audit-field-${field}`}>
            {was !== undefined && (
              <>
                <del className={classes.was}>{was}</del>
                <span className={classes.to}>{' → '}</span>
              </>
            )}
            {is}
          </Fact>
        ))}
      </dl>
      <Button
        mt="sm"
        size="compact-sm"
        variant="subtle"
        aria-expanded={all}
        onClick={() => setAll(!all)}
        data-testid="audit-all"
      >
        {t(all ? 'audit.showLess' : 'audit.showAll')}
      </Button>
      {all && <Raw entry={entry} />}
    </Modal>
  );
}

/** Word for word, as it is in the chain and in what is exported. */
function Raw({ entry }: { entry: AuditEntry }) {
  const { t } = useTranslation();
  const fields = (some: Record<string, string>) =>
    Object.keys(some).length > 0 && <Code block>{JSON.stringify(some, undefined, 2)}</Code>;
  return (
    <dl className={classes.facts} data-testid="audit-raw">
      <Fact name={t('audit.column.action')}>{entry.action}</Fact>
      <Fact name={t('audit.column.subjectId')}>{entry.subject}</Fact>
      <Fact name={t('audit.column.apiKey')}>{entry.apiKey}</Fact>
      <Fact name={t('audit.column.before')}>{fields(entry.before)}</Fact>
      <Fact name={t('audit.column.after')}>{fields(entry.after)}</Fact>
      <Fact name={t('audit.column.server')}>{entry.serverId}</Fact>
      <Fact name={t('audit.column.sequence')}>{String(entry.sequence)}</Fact>
      <Fact name={t('audit.column.hash')}>{entry.hash}</Fact>
    </dl>
  );
}

interface FactProps {
  name: string;
  testId?: string;
  children: ReactNode;
}

/** Nothing where there is nothing to be told. */
function Fact({ name, testId, children }: FactProps) {
  return (
    children && (
      <div className={classes.fact} data-testid={testId}>
        <dt>{name}</dt>
        <dd>{children}</dd>
      </div>
    )
  );
}
