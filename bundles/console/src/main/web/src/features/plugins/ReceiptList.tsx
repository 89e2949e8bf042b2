// SPDX-License-Identifier: Apache-2.0
import { Alert, Badge, Button, Text } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type SwapReceipt, useReceipts } from '../../api/plugins';
import { wordFor } from '../../i18n';
import { problemText } from '../../ui/problemText';
import { dateTime } from '../../ui/time';
import classes from './PluginsPage.module.css';
import { ReceiptDetail } from './ReceiptDetail';

const OUTCOME_COLOUR: Record<string, string> = {
  done: 'teal',
  running: 'signal',
  refused: 'red',
  interrupted: 'yellow',
};

/** What was done to plugins, newest first, and what each of it has cost the cameras. */
export function ReceiptList() {
  const { t } = useTranslation();
  const receipts = useReceipts();
  const shown = receipts.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <Text size="sm" c="dimmed" maw={640} mb="md">
        {t('receipts.explained')}
      </Text>
      {receipts.error && (
        <Alert color="red" mb="sm" variant="light">
          {problemText(receipts.error)}
        </Alert>
      )}
      {receipts.data && shown.length === 0 && (
        <Text size="sm" c="dimmed" data-testid="receipts-none">
          {t('receipts.none')}
        </Text>
      )}
      {shown.map((receipt) => (
        <Receipt key={receipt.id} receipt={receipt} />
      ))}
      {receipts.hasNextPage && (
        <Button
          variant="subtle"
          mt="sm"
          loading={receipts.isFetchingNextPage}
          onClick={() => void receipts.fetchNextPage()}
        >
          {t('receipts.more')}
        </Button>
      )}
    </>
  );
}

function Receipt({ receipt }: { receipt: SwapReceipt }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const { id, operation, plugin, outcome, by, frames, detail } = receipt;
  const lost = frames.reduce((sum, each) => sum + each.lost, 0);
  const Chevron = open ? IconChevronDown : IconChevronRight;
  return (
    <div className={classes.receipt} data-testid={`receipt-${id}`} data-outcome={outcome}>
      <button
        type="button"
        className={classes.head}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        data-testid={`receipt-toggle-${id}`}
      >
        <Chevron size={15} aria-hidden="true" />
        <span>{dateTime(Date.parse(receipt.begun))}</span>
        <span className={classes.what}>
          <strong>{wordFor('receipts.operation', operation)}</strong>
          {` ${plugin || detail}`}
          {versions(receipt) && ` ${versions(receipt)}`}
          <Text span c="dimmed" fz="inherit">
            {` · ${by}`}
            {frames.length > 0 && ` · ${t('receipts.lost', { count: lost })}`}
          </Text>
        </span>
        <Badge color={OUTCOME_COLOUR[outcome] ?? 'gray'} variant="light">
          {wordFor('receipts.outcome', outcome)}
        </Badge>
      </button>
      {open && (
        <div className={classes.inside}>
          <ReceiptDetail receipt={receipt} />
        </div>
      )}
    </div>
  );
}

/** "9.0.0 → 9.1.0". */
function versions({ from, to }: SwapReceipt): string {
  return from && to ? `${from} → ${to}` : (to ?? from ?? '');
}
